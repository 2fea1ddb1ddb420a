/**
 * Every stage and preset, each a row. The suites beside this file run over all of them, so that a new stage is one more row.
 */
import { encode } from "@msgpack/msgpack";
import type { Bytes, Message } from "../../src/types.ts";
import {
  bare,
  base64,
  brotli,
  bzip2,
  compress,
  deflate,
  deflateRaw,
  frames,
  gzip,
  json,
  jsonArray,
  jsonArrayBatches,
  jsonDocument,
  jsonSeq,
  jsonSeqBatches,
  limit,
  lines,
  liveMessages,
  lz4,
  messageBatches,
  messages,
  msgpackSequence,
  msgpackSequenceBatches,
  ndjson,
  ndjsonBatches,
  pipe,
  progress,
  serialize,
  serializeBatches,
  serializeLive,
  split,
  type Stage,
  xz,
  zstd,
} from "../../mod.ts";
import { noise, utf8 } from "./_helpers.ts";

/** What goes over a side of a stage: it says how that can be cut, and what makes two outcomes the same. */
export type Kind = "values" | "batches" | "bytes" | "messages";

/** How much a side may have taken before the first read, and after it, while its reader stands still. */
type Bound = readonly [before: number, after: number];

/** How a stage is looked at while its reader stands still. */
interface Flow {
  /** How often the items are repeated for the decoder, so that they do not end while it is looked at. */
  readonly repeat: number;
  /** Bytes of the chunks that the decoder is given. */
  readonly chunk: number;
  /** Items that the encoder may take; `undefined` if it takes one in all. */
  readonly encoder?: Bound;
  /** Chunks that the decoder may take; `undefined` if it has to hold everything. */
  readonly decoder?: Bound;
}

/** A stage, and what can be expected of it. */
export interface Row {
  readonly name: string;
  // deno-lint-ignore no-explicit-any
  readonly stage: Stage<any, any>;
  readonly near: Kind;
  readonly far: Kind;
  readonly items: readonly unknown[];
  /** Encoding nothing is an error: the format holds exactly one value. */
  readonly single?: boolean;
  /**
   * Which strict prefixes may pass for a whole stream, because the format itself cannot tell; of all others the decoder
   * says that they are truncated. Without it, of all.
   */
  readonly mayEnd?: (prefix: Bytes, next: number) => boolean;
  readonly flow: Flow;
  /** One item of about `size` bytes; many items otherwise. */
  readonly large?: (size: number) => unknown;
  /** Chunks go through as they are, empty ones too. */
  readonly passes?: boolean;
}

/** What every format can hold. No number stands alone: `12` cut to `1` is a number, too. */
const plain: readonly unknown[] = [
  { id: 1, name: "Salz", tags: ["a", "b"], nested: { deep: [[], {}] } },
  "ein Wort, ein Wörtchen, 盐 and 🧂",
  [],
  [1, 2.5, -3e-7, null, true],
  {},
  { id: 2, text: 'quotes " and \\ and \n newlines' },
];

/** What only the typed families hold. */
const typed: readonly unknown[] = [
  ...plain,
  12,
  { at: new Date(86_400_000), big: 2n ** 70n, none: undefined },
  new Map<unknown, unknown>([["a", new Set([1, -0, NaN])]]),
  { data: Uint8Array.of(1, 2, 3), floats: new Float64Array([1.5, -2.5]) },
];

const small = { maxBytes: 500 };
const LF = 10;
const isText = (size: number) => "x".repeat(size);
const asData = (size: number) => ({ data: noise(size) });
const batched = (items: readonly unknown[]) => [
  items.slice(0, 1),
  items.slice(1, 5),
  items.slice(5),
];

/** Something comes out for each chunk, and a stream reads one or two ahead. */
const DIRECT = {
  repeat: 12,
  chunk: 65_536,
  encoder: [2, 4],
  decoder: [2, 4],
} satisfies Flow;
/** Of noise, brotli takes 8 MiB, which is 128 chunks here, before anything comes out. */
const BROTLI = { ...DIRECT, encoder: [2, 132] } satisfies Flow;
/** Nothing comes out before a block is full, which is up to 4 MiB: 64 chunks here. */
const BLOCKS = {
  ...DIRECT,
  repeat: 40,
  encoder: [2, 80],
  decoder: [2, 30],
} satisfies Flow;
/** A piece is 500 bytes, which is up to twenty values. */
const VALUES = {
  repeat: 200,
  chunk: 256,
  encoder: [2, 24],
  decoder: [2, 4],
} satisfies Flow;
/** The four stages of a message have a piece each, and one on the way to the next. */
const MESSAGES = {
  ...VALUES,
  encoder: [60, 80],
  decoder: [12, 16],
} satisfies Flow;
/** Messages on either side. */
const SINGLY = { ...VALUES, encoder: [2, 4], decoder: [2, 4] } satisfies Flow;
const WHOLE = { repeat: 1, chunk: 64 } satisfies Flow;

const blocks: readonly Bytes[] = [
  utf8(JSON.stringify(plain)),
  new Uint8Array(200),
  noise(150),
];
const codec = {
  near: "bytes",
  far: "bytes",
  items: blocks,
  flow: DIRECT,
  large: (size: number) => noise(size),
} as const;
const values = {
  near: "values",
  far: "bytes",
  items: plain,
  flow: VALUES,
  large: isText,
} as const;
const batches = {
  near: "batches",
  far: "bytes",
  items: batched(plain),
  flow: VALUES,
  large: (size: number) => [isText(size)],
} as const;
const ours = { items: typed, large: asData };

/** JSON text of a value may be whole without the line feed behind it. */
const atLineEnd = (prefix: Bytes, next: number) =>
  prefix.length === 0 || prefix.at(-1) === LF || next === LF;
const msgpackEnds = endsOf(plain);

const message = (index: number): Message => ({
  header: { serializer: "json", index },
  frames: [utf8(`{"index":${index}}`), noise(40 * index, index + 1)],
});
const messageItems = [0, 1, 2, 3].map(message);
const packable: Message = {
  header: { serializer: "x" },
  frames: [new Uint8Array(400), noise(400), new Uint8Array(0)],
};

export const rows: readonly Row[] = [
  // Codecs.
  { ...codec, name: "gzip", stage: gzip() },
  { ...codec, name: "deflate", stage: deflate() },
  { ...codec, name: "deflate-raw", stage: deflateRaw() },
  { ...codec, name: "brotli", stage: brotli(), flow: BROTLI },
  { ...codec, name: "zstd", stage: zstd({ checksum: true }) },
  { ...codec, name: "xz", stage: xz({ preset: 0 }), flow: BLOCKS },
  { ...codec, name: "bzip2", stage: bzip2({ level: 1 }), flow: BLOCKS },
  { ...codec, name: "lz4", stage: lz4(), flow: BLOCKS },
  {
    ...codec,
    name: "base64",
    stage: base64(),
    mayEnd: ({ length }) => length % 4 === 0,
    flow: DIRECT,
  },
  {
    ...codec,
    name: "base64 in MIME lines",
    stage: base64({ lineLength: 76 }),
    mayEnd: (prefix) => prefix.filter((byte) => byte > 13).length % 4 === 0,
    flow: DIRECT,
  },
  {
    ...codec,
    name: "limit",
    stage: limit(1e12),
    passes: true,
    mayEnd: () => true,
    flow: DIRECT,
  },
  {
    ...codec,
    name: "progress",
    stage: progress(() => {}),
    passes: true,
    mayEnd: () => true,
    flow: DIRECT,
  },
  {
    ...codec,
    name: "gzip + base64",
    stage: pipe(gzip(), base64()),
    flow: { ...DIRECT, encoder: [4, 6], decoder: [4, 6] },
  },

  // Framings and stages of messages.
  {
    ...codec,
    name: "frames",
    stage: frames(),
    near: "messages",
    items: messageItems,
    flow: SINGLY,
    large: (size) => ({ header: {}, frames: [noise(size)] }),
  },
  {
    ...codec,
    name: "lines",
    stage: lines(),
    near: "messages",
    items: messageItems,
    flow: SINGLY,
    large: (size) => ({ header: {}, frames: [noise(size)] }),
  },
  {
    ...codec,
    name: "split",
    stage: split({ maxBytes: 30 }),
    near: "messages",
    far: "messages",
    items: messageItems,
    flow: SINGLY,
    large: (size) => ({ header: {}, frames: [noise(size)] }),
  },
  {
    ...codec,
    name: "compress",
    stage: compress(zstd(), { minBytes: 100 }),
    near: "messages",
    far: "messages",
    items: [packable, ...messageItems],
    flow: { ...SINGLY, repeat: 20 },
    large: (size) => ({ header: {}, frames: [noise(size)] }),
  },
  {
    ...codec,
    name: "split + compress + lines + gzip",
    stage: pipe(
      split({ maxBytes: 100 }),
      compress(deflate(), { minBytes: 50 }),
      lines(),
      gzip(),
    ),
    near: "messages",
    items: [packable, ...messageItems],
    // The engine at the end gives nothing before it has 64 KiB.
    flow: { repeat: 100, chunk: 256, encoder: [8, 8], decoder: [8, 8] },
    large: (size) => ({ header: {}, frames: [noise(size)] }),
  },
  {
    ...values,
    ...ours,
    name: "serialize",
    stage: serialize(small),
    far: "messages",
  },
  {
    ...batches,
    name: "serialize in batches",
    stage: serializeBatches(small),
    far: "messages",
    items: batched(typed),
    large: (size) => [asData(size)],
  },
  {
    ...values,
    ...ours,
    name: "live",
    stage: serializeLive(small),
    far: "messages",
  },
  {
    ...values,
    name: "serialize + bare",
    stage: pipe(serialize({ family: json({ inline: true }) }), bare()),
    items: [typed],
    single: true,
    flow: WHOLE,
    large: asData,
  },

  // Presets.
  {
    ...values,
    ...ours,
    name: "messages",
    flow: MESSAGES,
    stage: messages(small),
  },
  {
    ...values,
    ...ours,
    name: "live messages",
    flow: MESSAGES,
    stage: liveMessages(small),
  },
  {
    ...values,
    ...ours,
    name: "messages of msgpack",
    flow: MESSAGES,
    stage: messages({ ...small, family: "msgpack" }),
  },
  {
    ...values,
    ...ours,
    name: "messages, zstd",
    flow: MESSAGES,
    stage: messages({ ...small, codec: zstd(), minBytes: 100 }),
  },
  {
    ...batches,
    name: "messages in batches",
    flow: MESSAGES,
    stage: messageBatches(small),
    items: batched(typed),
    large: (size) => [asData(size)],
  },

  // JSON and msgpack.
  { ...values, name: "ndjson", stage: ndjson(small), mayEnd: atLineEnd },
  {
    ...batches,
    name: "ndjson in batches",
    stage: ndjsonBatches(small),
    mayEnd: atLineEnd,
  },
  { ...values, name: "json-seq", stage: jsonSeq(small), mayEnd: seqEnds },
  {
    ...batches,
    name: "json-seq in batches",
    stage: jsonSeqBatches(small),
    mayEnd: seqEnds,
  },
  { ...values, name: "json-array", stage: jsonArray(small) },
  { ...batches, name: "json-array in batches", stage: jsonArrayBatches(small) },
  {
    ...values,
    name: "json-array at a path",
    stage: jsonArray({ ...small, path: "$.a.b[*]" }),
  },
  {
    ...values,
    name: "json document",
    stage: jsonDocument(small),
    items: [plain],
    single: true,
    flow: WHOLE,
  },
  {
    ...values,
    name: "msgpack",
    stage: msgpackSequence(small),
    mayEnd: msgpackEnds,
  },
  {
    ...batches,
    name: "msgpack in batches",
    stage: msgpackSequenceBatches(small),
    mayEnd: msgpackEnds,
  },
];

/** After a record, with its line feed or, since none of these is a lone number, without. */
function seqEnds(prefix: Bytes, next: number): boolean {
  return atLineEnd(prefix, next) || prefix.at(-1) === 0x1e;
}

/** Where a sequence of these values may be cut: between two, where msgpack has nothing to tell an end by. */
function endsOf(items: readonly unknown[]): (prefix: Bytes) => boolean {
  const ends = new Set([0]);
  let end = 0;
  for (const item of items) ends.add(end += encode(item).length);
  return ({ length }) => ends.has(length);
}
