import { describe, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import {
  FormatError,
  frames,
  LimitError,
  lines,
  messages,
  ndjson,
  type PackedMessage,
  PackedMessageStream,
  packFrames,
  TruncatedError,
  unpackFrames,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import type { Bytes, Message } from "../../src/types.ts";
import { type EndHeader, EnvelopeWriter } from "../../src/wire/envelope.ts";
import { endLength, readEnd } from "../../src/wire/tail.ts";
import {
  contentOf,
  cutBytes,
  noise,
  run,
  SIZES,
  STAYS,
  through,
  utf8,
} from "./_helpers.ts";

const pack = (message: Message): Bytes => concat(packFrames(message));
const some: Message = {
  header: { serializer: "json" },
  frames: [utf8('{"a":1}')],
};
const three: readonly Message[] = [
  { header: { serializer: "x", values: 2 }, frames: [noise(10)] },
  { header: {}, frames: [] },
  { header: { values: 0 }, frames: [noise(3), noise(300)] },
];

async function encoded(given: Iterable<unknown> = three): Promise<Bytes> {
  return concat(await through(given, frames().encoder()) as Bytes[]);
}

async function packedIn(bytes: Bytes): Promise<PackedMessage[]> {
  return await through([bytes], new PackedMessageStream()) as PackedMessage[];
}

function is(
  Class: new (...args: never[]) => Error,
  offset: number,
  text = /./,
): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof Error && error.constructor === Class, `${error}`);
    equal((error as FormatError).offset, offset);
    ok(text.test(error.message), error.message);
    return true;
  };
}

describe("one message", () => {
  test("is byte for byte what the comment in src/wire/frames.ts shows", async () => {
    const url = new URL("../../src/wire/frames.ts", import.meta.url);
    const rows = (await readFile(url, "utf8")).matchAll(
      /^ \* ([0-9a-f]{2}) {2}((?:[0-9a-f]{2} )*[0-9a-f]{2}) {2,}(\S.*)$/gm,
    );
    const shown: number[] = [];
    const words: string[] = [];
    for (const [, offset, hex, word] of rows) {
      equal(parseInt(offset!, 16), shown.length);
      shown.push(...hex!.split(" ").map((byte) => parseInt(byte, 16)));
      words.push(word!);
    }
    deepEqual(Uint8Array.from(shown), pack(some));
    equal(words.length, 13);
    equal(words.at(-1), '{"a":1}');
  });

  test("leaves its frames as they are", () => {
    const frame = noise(1000);
    equal(packFrames({ header: {}, frames: [frame] })[1], frame);
    const bytes = pack({ header: {}, frames: [frame] });
    equal(unpackFrames(bytes).frames[0]!.buffer, bytes.buffer);
  });

  test("stands alone in its bytes", () => {
    const bytes = pack(some);
    const offset = bytes.length;
    throws(
      () => unpackFrames(concat([bytes, bytes])),
      is(FormatError, offset, /after the message/),
    );
    for (let i = 0; i < offset; i++) {
      throws(() => unpackFrames(bytes.subarray(0, i)), TruncatedError);
    }
  });

  test("keeps a checksum that a caller put in the header out", () => {
    const header = { crc32: 7, count: 9, name: "x" };
    deepEqual(unpackFrames(pack({ header, frames: [] })).header, {
      name: "x",
      compression: [],
    });
  });
});

describe("a stream", () => {
  test("begins with its version, and ends with counts and an index", async () => {
    const bytes = await encoded();
    const all = await packedIn(bytes);
    equal(all.length, 5);
    const [first, a, b, c, end] = all;
    equal(first!.message.header.brine, 1);
    equal(first!.offset, 0);
    const header = end!.message.header as EndHeader;
    equal(header.end, true);
    equal(header.version, 1);
    equal(header.messages, 3);
    equal(header.values, 3);
    deepEqual(header.index, [[a!.offset, 0], [b!.offset, 2], [c!.offset, 3]]);
    equal(end!.offset + end!.byteLength, bytes.length);
  });

  test("tells in its last 16 bytes where its end begins", async () => {
    const bytes = await encoded();
    const end = (await packedIn(bytes)).at(-1)!;
    equal(endLength(bytes), end.byteLength);
    equal(new TextDecoder().decode(bytes.subarray(-8)), "brineEND");
    deepEqual(
      readEnd(bytes.subarray(end.offset), end.offset),
      end.message.header,
    );
    equal(endLength(bytes.subarray(0, -1)), undefined);
    equal(endLength(bytes.subarray(-15)), undefined);
  });

  test("has no more than 4,096 places in its index, and those are right", () => {
    const writer = new EnvelopeWriter();
    writer.wrote(100);
    const count = 20_001;
    for (let i = 0; i < count; i++) writer.wrote(10, { values: 3 });
    const { index, messages, values } = writer.end().header as EndHeader;
    equal(messages, count);
    equal(values, 3 * count);
    ok(index.length > 2_000 && index.length <= 4_096, `${index.length}`);
    deepEqual(index[0], [100, 0]);
    const [, second] = index;
    const stride = (second![0] - 100) / 10;
    index.forEach(([offset, value], i) => {
      equal(offset, 100 + 10 * stride * i);
      equal(value, 3 * stride * i);
    });
  });

  test("is over at its end: a second one behind it is not read", async () => {
    const bytes = await encoded();
    for (const size of SIZES) {
      const twice = cutBytes(concat([bytes, bytes]), size);
      const { items, error } = await run(twice, frames().decoder());
      is(FormatError, bytes.length, /after the end/)(error);
      deepEqual(
        contentOf("messages", items),
        contentOf("messages", three),
      );
    }
  });

  test("is refused, as lines too, if something follows its end", async () => {
    const written = await through(three, lines().encoder());
    const bytes = concat(written as Bytes[]);
    const { items, error } = await run(
      [concat([bytes, utf8("x")])],
      lines().decoder(),
    );
    is(FormatError, bytes.length, /after the end/)(error);
    equal(items.length, 3);
  });

  test("is refused if its first message is missing, or comes twice", async () => {
    const all = await packedIn(await encoded());
    const [first, second] = all.map(({ message }) => pack(message));
    const decode = (parts: Bytes[]) => through(parts, frames().decoder());
    await rejects(decode([second!]), is(FormatError, 0, /first message/));
    await rejects(
      decode([first!, second!, first!]),
      is(FormatError, first!.length + second!.length, /second first/),
    );
    const other = pack({ header: { brine: 2 }, frames: [] });
    await rejects(decode([other]), is(FormatError, 0, /version 2/));
  });

  test("is refused if its end counts otherwise", async () => {
    const all = await packedIn(await encoded());
    const parts = all.slice(0, -1).map(({ message }) => pack(message));
    const end = all.at(-1)!;
    const { header } = end.message;
    for (
      const wrong of [{ messages: 2 }, { messages: "3" }, { values: 4 }, {
        values: undefined,
      }]
    ) {
      const told = { ...header, ...wrong } as EndHeader;
      const forged = pack({ header: told, frames: [] });
      const { items, error } = await run(
        [...parts, forged],
        frames().decoder(),
      );
      is(FormatError, end.offset, /another number/)(error);
      equal(items.length, 3);
    }
  });

  test("takes no message that a reader would take for its first or last", async () => {
    for (const header of [{ brine: 1 }, { end: true }]) {
      for (const framing of [frames(), lines()]) {
        const given = [{ header, frames: [] }];
        await rejects(through(given, framing.encoder()), TypeError);
      }
    }
  });

  test("takes no message that a reader would refuse", async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 40; i++) deep = [deep];
    for (const header of [{ deep }, { values: -1 }, { values: 1.5 }]) {
      for (const framing of [frames(), lines()]) {
        const given = [{ header, frames: [] }] as Message[];
        await rejects(
          through(given, framing.encoder()),
          (error) => error instanceof TypeError || error instanceof LimitError,
        );
      }
    }
  });
});

describe("an index that lies", () => {
  const forge = (index: unknown): Bytes => {
    const header = { end: true, version: 1, messages: 9, values: 9, index };
    return pack({ header, frames: [] });
  };
  for (
    const [name, index] of [
      ["is no list", "none"],
      ["has an entry that is no pair", [[10, 0], 7]],
      ["goes back in the bytes", [[20, 0], [10, 1]]],
      ["goes back in the values", [[10, 5], [20, 4]]],
      ["points behind the end", [[10, 0], [2000, 1]]],
      ["points nowhere", [[-10, 0]]],
      ["has half a byte", [[10.5, 0]]],
      ["has a number too many digits long", [[2 ** 60, 0]]],
    ] as const
  ) {
    test(name, () => {
      throws(() => readEnd(forge(index), 1000), is(FormatError, 1000));
    });
  }

  test("but one that does not, is read", () => {
    deepEqual(readEnd(forge([[10, 0], [20, 0]]), 1000).index, [[10, 0], [
      20,
      0,
    ]]);
  });
});

/** Bytes that were asked for with `new Uint8Array(n)` while something ran. */
async function allocated(body: () => Promise<unknown>): Promise<number> {
  const own = globalThis.Uint8Array;
  let total = 0;
  globalThis.Uint8Array = new Proxy(own, {
    construct(target, args, as) {
      if (typeof args[0] === "number") total += args[0];
      return Reflect.construct(target, args, as);
    },
  });
  try {
    await body();
  } finally {
    globalThis.Uint8Array = own;
  }
  return total;
}

function u64s(...numbers: bigint[]): Bytes {
  return new Uint8Array(BigUint64Array.from(numbers).buffer);
}

describe("lengths that lie", () => {
  const huge = 2n ** 64n - 1n;
  for (
    const [name, bytes] of [
      ["of frames, 2^32", u64s(2n ** 32n)],
      ["of frames, one too many", u64s(65_537n)],
      ["of a header", u64s(1n, huge)],
      ["of a header, just too long", u64s(1n, 2n ** 20n + 1n)],
      ["of a frame", u64s(2n, 10n, huge)],
      ["of a frame beyond 2^53", u64s(2n, 10n, 2n ** 53n + 1n)],
      ["of a message, in small parts", u64s(4n, 9n, ...THIRDS())],
    ] as const
  ) {
    test(`${name}: refused when they are read, at no cost`, async () => {
      const used = await allocated(async () => {
        // Nothing follows, and nothing is waited for.
        const { error } = await run([bytes], frames().decoder(), STAYS);
        is(LimitError, 0)(error);
      });
      ok(used < 2_000, `${used} bytes`);
    });
  }

  test("nothing is made ready for a frame that is only announced", async () => {
    const announced = u64s(2n, 40n, 2n ** 27n);
    const used = await allocated(async () => {
      const bytes = concat([announced, noise(60)]);
      const { error } = await run(cutBytes(bytes, 5), frames().decoder());
      is(TruncatedError, 84)(error);
    });
    ok(used < 5_000, `${used} bytes`);
  });

  test("no frames at all is no message", async () => {
    const { error } = await run([u64s(0n)], frames().decoder());
    is(FormatError, 0, /without a header/)(error);
  });

  test("a trailer cannot ask for more than an end takes", () => {
    const trailer = concat([u64s(huge), utf8("brineEND")]);
    throws(() => endLength(trailer), LimitError);
  });
});

function THIRDS(): bigint[] {
  return [2n ** 27n, 2n ** 27n, 1n];
}

describe("limits", () => {
  const bytes = pack({ header: { a: 1 }, frames: [noise(50), noise(50)] });
  const header = Number(new DataView(bytes.buffer).getBigUint64(8, true));
  for (
    const [name, actual] of [
      ["maxFrames", 3],
      ["maxHeaderBytes", header],
      ["maxMessageBytes", bytes.length],
    ] as const
  ) {
    test(`${name} lets through just so much`, () => {
      equal(unpackFrames(bytes, { [name]: actual }).frames.length, 2);
      throws(
        () => unpackFrames(bytes, { [name]: actual - 1 }),
        (error) => {
          ok(error instanceof LimitError, `${error}`);
          equal(error.actual, actual);
          equal(error.limit, actual - 1);
          return true;
        },
      );
    });
  }

  test("the header's depth", async () => {
    const { crc32 } = await import("../../src/crc32.ts");
    // A map of two, which is the first level: the checksum, and "x" with arrays of one element in each other.
    const start = [0x82, 0xa5, ...utf8("crc32"), 0xce, 0, 0, 0, 0, 0xa1, 0x78];
    const nested = (depth: number) => {
      const arrays = new Uint8Array(depth).fill(0x91);
      arrays[depth - 1] = 1;
      const packed = concat([Uint8Array.from(start), arrays]);
      const whole = concat([u64s(1n, BigInt(packed.length)), packed]);
      new DataView(whole.buffer).setUint32(24, crc32(whole));
      return whole;
    };
    ok("x" in unpackFrames(nested(32)).header);
    throws(() => unpackFrames(nested(33)), LimitError);
    throws(() => unpackFrames(nested(100_000)), LimitError);
  });

  test("a line's bytes", async () => {
    const coded = concat(
      await through([some], lines().encoder()) as Bytes[],
    );
    const longest = Math.max(
      ...new TextDecoder().decode(coded).split("\n").map((line) => line.length),
    );
    const decode = (maxLineBytes: number, size: number) =>
      run(cutBytes(coded, size), lines({ maxLineBytes }).decoder());
    for (const size of SIZES) {
      equal((await decode(longest, size)).error, undefined);
      const { error } = await decode(longest - 1, size);
      ok(error instanceof LimitError && error.limit === longest - 1);
    }
  });

  test("the values of a message are as many as it says", async () => {
    const given = { header: { serializer: "json", values: 3 } };
    for (const text of ["[1,2]", "[1,2,3,4]", "1"]) {
      const wire = await encoded([{ ...given, frames: [utf8(text)] }]);
      await rejects(through([wire], messages().decoder()), FormatError);
    }
  });

  test("a value's depth and bytes, in text", async () => {
    const deep = utf8("[".repeat(9) + "]".repeat(9));
    const decode = (options: object) =>
      through([deep], ndjson(options).decoder());
    equal((await decode({ maxDepth: 9, maxValueBytes: 18 })).length, 1);
    await rejects(decode({ maxDepth: 8 }), LimitError);
    await rejects(decode({ maxValueBytes: 17 }), LimitError);
  });
});
