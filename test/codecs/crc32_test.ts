import { describe, test } from "bun:test";
import { equal } from "node:assert/strict";
import { crc32, crc32Sliced } from "../../src/crc32.ts";
import { noise, withoutNative } from "./_runtime.ts";

const text = (value: string) => new TextEncoder().encode(value);

for (
  const [name, sum] of [["native", crc32], ["sliced", crc32Sliced]] as const
) {
  describe(`crc32, ${name}`, () => {
    test("gives the known values", () => {
      equal(sum(text("")), 0);
      equal(sum(text("a")), 0xe8b7be43);
      equal(sum(text("123456789")), 0xcbf43926);
      equal(
        sum(text("The quick brown fox jumps over the lazy dog")),
        0x414fa339,
      );
      equal(sum(new Uint8Array(32).fill(0xff)), 0xff6cab0b);
    });

    test("goes on from the checksum of what came before", () => {
      const bytes = noise(1000);
      for (const cut of [0, 1, 7, 8, 9, 500, 1000]) {
        equal(
          sum(bytes.subarray(cut), sum(bytes.subarray(0, cut))),
          sum(bytes),
        );
      }
    });
  });
}

test("crc32 is the same with Node's zlib and without, at every length and alignment", () => {
  const bytes = noise(4200);
  for (let length = 0; length < 64; length++) {
    for (let start = 0; start < 9; start++) {
      const part = bytes.subarray(start, start + length);
      equal(crc32Sliced(part), crc32(part));
      equal(crc32Sliced(part, 0x89abcdef), crc32(part, 0x89abcdef));
    }
  }
  equal(crc32Sliced(bytes), crc32(bytes));
  equal(withoutNative(() => crc32(bytes)), crc32(bytes));
});
