import { test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  compress,
  frames,
  gzip,
  lines,
  PackedMessageStream,
  pipe,
  type Stage,
  zstd,
} from "../../mod.ts";
import type { Bytes, Message } from "../../src/types.ts";
import { concat } from "../../src/bytes.ts";
import {
  codedOf,
  contentOf,
  cutBytes,
  isOurs,
  noise,
  run,
  SIZES,
  through,
  utf8,
} from "./_helpers.ts";
import { rows } from "./stages.ts";

const text = (length: number) =>
  utf8(`{"text":"${"salt and water, ".repeat(length / 16)}"}`);
const sent: readonly Message[] = [
  { header: { serializer: "json", values: 3 }, frames: [text(900)] },
  { header: { name: "with several" }, frames: [noise(300), noise(9, 2)] },
  { header: { list: [1, "zwei", null] }, frames: [] },
  { header: { serializer: "x" }, frames: [noise(800), text(1300)] },
];
const sentSmall = sent.map((message) => ({
  ...message,
  frames: message.frames.map((frame) => frame.subarray(0, frame.length * 0.7)),
}));

interface Damaged {
  readonly name: string;
  readonly stage: Stage<Message, Bytes>;
  readonly items: readonly Message[];
  /** Where each message ends in the bytes; without it, only the order is known. */
  readonly ends?: (coded: Bytes) => Promise<number[]>;
  /** What sees the damage, if it is quicker than all of the stage: then that is asked for one bit of each byte. */
  readonly guard?: Stage<Message, Bytes>;
  /** Bits that mean nothing, at most: a flip of one changes nothing at all. */
  readonly idle?: number;
}

const framed = async (coded: Bytes) => {
  const packed = await through([coded], new PackedMessageStream());
  const ends = (packed as { offset: number; byteLength: number }[])
    .map(({ offset, byteLength }) => offset + byteLength);
  return ends.slice(1, -1);
};
const lined = (coded: Bytes) => {
  const ends = [...coded].flatMap((byte, i) => byte === 10 ? [i + 1] : []);
  return Promise.resolve(ends.slice(1, -1));
};

const table: readonly Damaged[] = [
  { name: "frames", stage: frames(), items: sent, ends: framed },
  { name: "lines", stage: lines(), items: sentSmall, ends: lined },
  {
    name: "gzip over frames",
    stage: pipe(frames(), gzip({ level: 0 })),
    items: sent,
    // In the header whether it is text, the time, how hard was tried, and the system; in each stored block five of padding.
    idle: 49 + 5 * 20,
  },
  {
    name: "frames of zstd",
    stage: pipe(compress(zstd(), { minBytes: 100 }), frames()),
    items: [
      ...sent,
      { header: {}, frames: [noise(1900, 5), text(9000)] },
    ],
    ends: framed,
    guard: frames(),
  },
];

for (const row of table) {
  test(
    `${row.name}: every flipped bit of 4 kB is an error of ours`,
    async () => {
      const coded = concat(
        await through(row.items, row.stage.encoder()) as Bytes[],
      );
      ok(coded.length > 3500 && coded.length < 4600, `${coded.length} bytes`);
      await flips(row, coded);
    },
    60_000,
  );
}

/** Native engines work beside the main thread. */
const AT_ONCE = 8;

async function flips(row: Damaged, coded: Bytes): Promise<void> {
  const { stage, guard = stage, ends, idle = 0 } = row;
  const places = await ends?.(coded);
  const whole = contentOf("messages", row.items) as Message[];
  let nothing = 0;
  const flip = async (bit: number) => {
    const at = bit >> 3;
    const bad = coded.slice();
    bad[at]! ^= 1 << (bit & 7);
    // Each byte has another bit of its own that goes through everything.
    const full = (bit & 7) === (at & 7);
    const { decoder } = full ? stage : guard;
    const { items, error } = await run([bad], decoder());
    if (error === undefined) {
      nothing++;
      return deepEqual(contentOf("messages", items), whole, `bit ${bit}`);
    }
    ok(isOurs(error), `bit ${bit}: ${error}`);
    const before = places?.filter((end) => end <= at).length;
    equal(items.length, before ?? items.length, `bit ${bit}`);
    // To compare is slow, and what came whole is the same each time: a look at some is enough.
    if (!full || at % 8 > 0) return;
    const start = whole.slice(0, items.length);
    deepEqual(contentOf("messages", items), start, `bit ${bit}`);
  };
  for (let bit = 0; bit < 8 * coded.length; bit += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => flip(bit + i)));
  }
  ok(nothing <= idle, `${nothing} flips changed nothing`);
}

/** Every decoder of the table that sees damage: what stands before it comes first, for every way to cut the input. */
const seeing = rows.filter(({ near, far, single }) =>
  far === "bytes" && near !== "bytes" && !single
);

for (const row of seeing) {
  test(`${row.name}: all before a wrong byte comes first, however it is cut`, async () => {
    const { stage, near, name } = row;
    const items = [1, 2, 3, 4].flatMap(() => row.items);
    const all = contentOf(near, items) as unknown[];
    const coded = await codedOf(row, items);
    // Not at the very end: the last bytes of gzip are a checksum of what has been delivered by then.
    const bad = coded.slice();
    const at = Math.floor(coded.length * 0.6);
    // Which neither UTF-8 nor msgpack has.
    bad.fill(0xc1, at, at + 2);
    const counts = new Set<number>();
    for (const size of SIZES) {
      const { items, error } = await run(cutBytes(bad, size), stage.decoder());
      ok(isOurs(error), `${error}`);
      const came = contentOf(near, items) as unknown[];
      deepEqual(came, all.slice(0, came.length));
      counts.add(came.length);
    }
    if (PACKED.test(name)) return;
    equal(counts.size, 1, `${[...counts]} came`);
    ok([...counts][0]! > 0);
  });
}

/** Engines give what they have when they have it, and a run of a JSON array is parsed in one go. */
const PACKED = /gzip|json-array/;
