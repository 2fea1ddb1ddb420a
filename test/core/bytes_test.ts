import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { LimitError } from "../../mod.ts";
import { fromBase64, toBase64 } from "../../src/base64.ts";
import { ByteQueue, bytesOf, concat, GrowingBuffer } from "../../src/bytes.ts";
import { LineSplitter } from "../../src/line_splitter.ts";
import { cut, latin, SIZES } from "../json/_helpers.ts";

const noise = (length: number) =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i, 2654435761) >>> 24);

describe("concat", () => {
  test("gives a single part back as it is", () => {
    const part = noise(3);
    equal(concat([part]), part);
  });

  test("puts parts end to end", () => {
    const whole = noise(50);
    for (const size of SIZES) deepEqual(concat([...cut(whole, size)]), whole);
    deepEqual(concat([]), new Uint8Array(0));
  });
});

test("bytesOf shows what a view shows", () => {
  const { buffer } = noise(16);
  const bytes = bytesOf(new Int16Array(buffer, 4, 3));
  equal(bytes.buffer, buffer);
  equal(bytes.byteOffset, 4);
  equal(bytes.byteLength, 6);
});

describe("ByteQueue", () => {
  test("gives the bytes it was given, in any lengths", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { maxLength: 100 }),
        fc.array(fc.nat(60)),
        (pushes, takes) => {
          const all = noise(pushes.reduce((sum, length) => sum + length, 0));
          const queue = new ByteQueue();
          let pushed = 0;
          let taken = 0;
          for (const [i, length] of pushes.entries()) {
            queue.push(all.subarray(pushed, pushed += length));
            const wanted = Math.min(takes[i] ?? 7, queue.length);
            deepEqual(queue.take(wanted), all.slice(taken, taken += wanted));
            equal(queue.length, pushed - taken);
            equal(queue.offset, taken);
          }
          deepEqual(queue.take(queue.length), all.slice(taken));
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test("gives a run inside of a chunk as a view", () => {
    const chunk = noise(100);
    const queue = new ByteQueue();
    queue.push(chunk);
    for (const length of [1, 0, 50, 49]) {
      equal(queue.take(length).buffer === chunk.buffer, length > 0);
    }
  });
});

describe("GrowingBuffer", () => {
  test("gathers, and begins anew once it is taken", () => {
    const all = noise(10_000);
    const buffer = new GrowingBuffer();
    for (const size of SIZES) {
      for (const chunk of cut(all, size)) buffer.append(chunk);
      equal(buffer.length, all.length);
      deepEqual(buffer.view(), all);
      const taken = buffer.take();
      buffer.append(Uint8Array.of(1));
      deepEqual(taken, all);
      deepEqual(buffer.take(), Uint8Array.of(1));
    }
  });
});

describe("LineSplitter", () => {
  const split = (text: string, size: number | "random", max = 100) => {
    const splitter = new LineSplitter("test", max);
    const lines: [number, string][] = [];
    for (const chunk of cut(latin(text), size)) {
      splitter.push(chunk);
      for (;;) {
        const { offset } = splitter;
        const line = splitter.next();
        if (!line) break;
        lines.push([offset, String.fromCharCode(...line)]);
      }
    }
    return { lines, rest: splitter.restBytes };
  };

  test("gives lines with their places, however the input is cut", () => {
    for (const size of SIZES) {
      deepEqual(split("ab\n\n\r\ncdefg\nrest", size), {
        lines: [[0, "ab"], [3, ""], [4, "\r"], [6, "cdefg"]],
        rest: 4,
      });
      deepEqual(split("", size), { lines: [], rest: 0 });
    }
  });

  test("refuses a line that is too long, whole or not", () => {
    for (const size of SIZES) {
      for (const end of ["", "\n"]) {
        equal(split("ab\n12345\n", size, 5).lines.length, 2);
        throws(() => split(`ab\n123456${end}`, size, 5), (error) => {
          ok(error instanceof LimitError);
          equal(error.offset, 3);
          equal(error.stage, "test");
          return true;
        });
      }
    }
  });
});

/** Runs with some of the runtime's ways to base64 out of the way. */
function without(names: readonly string[], body: () => void): void {
  const places: [object, string][] = [
    [Uint8Array, "fromBase64"],
    [Uint8Array.prototype, "toBase64"],
    [globalThis, "Buffer"],
  ];
  const taken = places.filter(([, name]) => names.includes(name)).map(
    ([object, name]) => {
      const descriptor = Object.getOwnPropertyDescriptor(object, name);
      if (descriptor) delete (object as Record<string, unknown>)[name];
      return [object, name, descriptor] as const;
    },
  );
  try {
    body();
  } finally {
    for (const [object, name, descriptor] of taken) {
      if (descriptor) Object.defineProperty(object, name, descriptor);
    }
  }
}

describe("base64", () => {
  const natives = ["fromBase64", "toBase64"];
  const ways: [name: string, without: string[]][] = [
    ["as the runtime has it", []],
    ["by Buffer", natives],
    ["by std", [...natives, "Buffer"]],
  ];
  const wrong = [
    ...["A", "AQ", "AQI", "AQ=", "=", "==", "====", "A===", "AQID="],
    ...[
      "AQ==AQ==",
      "A=Q=",
      "AR==",
      "AQJ=",
      "A/==",
      "AQI=\n",
      "\nAQI=",
      " AQID",
    ],
    ...["AQ ID", "AQ\tID", "AQID\0", "AQ-_", "AQI*", "AQIé", "AQID\n\n\n\n"],
  ];
  for (const [name, names] of ways) {
    test(`${name}: there and back`, () => {
      without(names, () => {
        for (let length = 0; length < 70; length++) {
          const bytes = noise(length + 3).subarray(3);
          const text = toBase64(bytes);
          equal(text, btoa(String.fromCharCode(...bytes)));
          deepEqual(fromBase64(text), bytes);
        }
      });
    });

    test(`${name}: large`, () => {
      without(names, () => {
        const bytes = new Uint8Array(6_000_000).fill(0xfb);
        const text = toBase64(bytes);
        equal(text.length, 8_000_000);
        equal(fromBase64(text)?.length, bytes.length);
        equal(fromBase64(text.slice(0, -1) + "\n"), undefined);
      });
    });

    test(`${name}: strict`, () => {
      without(names, () => {
        for (const text of wrong) {
          equal(fromBase64(text), undefined, JSON.stringify(text));
        }
      });
    });
  }
});
