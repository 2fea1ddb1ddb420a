/** The dump in `docs/wire.md` is what is really written, byte for byte. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import { dumps, loads } from "../../mod.ts";
import { blocksOf } from "./_blocks.ts";

const LINE = /^([0-9a-f]{3}) {2}((?:[0-9a-f]{2} ?)+)(?: |$)/;

/** The bytes of the dump; each line begins where the one before it ended. */
function bytesOf(dump: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const line of dump.split("\n")) {
    const [, offset, hex] = line.match(LINE) ?? [];
    if (!hex) continue;
    equal(parseInt(offset!, 16), bytes.length, line);
    for (const byte of hex.trim().split(" ")) bytes.push(parseInt(byte, 16));
  }
  return new Uint8Array(bytes);
}

describe("docs", () => {
  test("the dump of the wire is exact, and can be read", async () => {
    const dump = blocksOf("docs/wire.md")
      .find(({ code }) => code.includes("the first message"));
    ok(dump);
    const bytes = bytesOf(dump.code);
    deepEqual(bytes, await dumps({ a: 1 }));
    deepEqual(await loads(bytes), { a: 1 });
  });
});
