/** Who is compared, each as it is meant to be used to keep types; and Brine. */
import { Encoder } from "cbor-x";
import * as devalue from "devalue";
import { Packr } from "msgpackr";
import * as seroval from "seroval";
import * as web from "seroval-plugins/web";
import SuperJSON from "superjson";
import * as turbo from "turbo-stream";
import {
  type Bytes,
  defaultRegistry,
  dumps,
  liveMessages,
  packFrames,
  Registry,
  unpackFrames,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import { Point } from "./_live.ts";
import type { Peer } from "./rows.ts";

/** What a registry of one's own has: here, one class more. */
export const registry: Registry = new Registry(defaultRegistry);
registry.registerSerialization(
  Point,
  ({ x, y }) => ({ header: [x, y] }),
  ({ header }) => new Point(...header as [number, number]),
);

/** The deepest row is deeper than what a reader takes unasked. */
const maxDepth = 300_000;

/** One message of a family: all of it is synchronous. */
function brine(family: "json" | "msgpack"): Peer {
  return {
    encode: (value) =>
      concat(packFrames(registry.serialize(value, { family }))),
    decode: (bytes) =>
      registry.deserialize(unpackFrames(bytes as Bytes), { maxDepth }),
  };
}

/** A stream of messages, with what is live in values. */
function brineLive(family: "json" | "msgpack"): Peer {
  const pipeline = liveMessages({ registry, family, maxDepth });
  return {
    encode: (value) => dumps(value, pipeline),
    async decode(bytes) {
      const values = ReadableStream.from([bytes as Bytes])
        .pipeThrough(pipeline.decoder());
      const { value } = await values.getReader().read();
      return value;
    },
  };
}

const devalueOut = { Point: (v: unknown) => v instanceof Point && [v.x, v.y] };
const devalueIn = { Point: ([x, y]: [number, number]) => new Point(x, y) };

const plugins = [
  // A file is a blob as well.
  web.FilePlugin,
  ...Object.values(web),
  seroval.createPlugin<
    Point,
    { x: seroval.SerovalNode; y: seroval.SerovalNode }
  >({
    tag: "Point",
    test: (value) => value instanceof Point,
    parse: {
      sync: (v, ctx) => ({ x: ctx.parse(v.x), y: ctx.parse(v.y) }),
      async: async (v, ctx) => ({
        x: await ctx.parse(v.x),
        y: await ctx.parse(v.y),
      }),
      stream: (v, ctx) => ({ x: ctx.parse(v.x), y: ctx.parse(v.y) }),
    },
    serialize: () => "",
    deserialize: ({ x, y }, ctx) =>
      new Point(ctx.deserialize(x) as number, ctx.deserialize(y) as number),
  }),
  // Their plugins are of many types.
  // deno-lint-ignore no-explicit-any
] as any[];

const serovalStream: Peer = {
  encode: (value) =>
    new Promise((resolve, reject) => {
      const records: string[] = [];
      seroval.toCrossJSONStream(value, {
        refs: new Map(),
        plugins,
        onParse: (node) => void records.push(JSON.stringify(node)),
        onError: reject,
        onDone: () => resolve(records),
      });
    }),
  decode(wire) {
    const reader = seroval.createCrossDeserializer({
      refs: new Map(),
      plugins,
    });
    const [first, ...rest] = wire as string[];
    const value = reader.deserialize(JSON.parse(first!));
    setTimeout(() => {
      for (const record of rest) reader.deserialize(JSON.parse(record));
    }, 1);
    return value;
  },
};

const superjson = new SuperJSON();
superjson.registerCustom<Point, [number, number]>({
  isApplicable: (v): v is Point => v instanceof Point,
  serialize: ({ x, y }) => [x, y],
  deserialize: ([x, y]) => new Point(x, y),
}, "Point");

const packr = new Packr(
  {
    structuredClone: true,
    moreTypes: true,
    useBigIntExtension: true,
  } as ConstructorParameters<typeof Packr>[0],
);
const cbor = new Encoder({ structuredClone: true });

/** Their extensions are global, so they are only made when they are asked for. */
async function registerWithBinary(): Promise<void> {
  const msgpackr = await import("msgpackr");
  msgpackr.addExtension({
    Class: Point,
    type: 20,
    write: (v: Point) => [v.x, v.y],
    read: ([x, y]: [number, number]) => new Point(x, y),
    // Their types know another way to write only.
    // deno-lint-ignore no-explicit-any
  } as any);
  const cborx = await import("cbor-x");
  cborx.addExtension({
    Class: Point,
    tag: 43_311,
    encode: (v: Point, encode: (data: unknown) => Uint8Array) =>
      encode([v.x, v.y]),
    decode: ([x, y]: [number, number]) => new Point(x, y),
    // deno-lint-ignore no-explicit-any
  } as any);
}
await registerWithBinary();

/** All peers by name, ours first. */
export const peers: Readonly<Record<string, Peer>> = {
  "Brine json": brine("json"),
  "Brine msgpack": brine("msgpack"),
  "Brine live": brineLive("json"),
  "Brine live msgpack": brineLive("msgpack"),
  structuredClone: {
    closed: true,
    encode: (value) => ({ clone: structuredClone(value) }),
    decode: (wire) => (wire as { clone: unknown }).clone,
  },
  devalue: {
    encode: (value) => devalue.stringify(value, devalueOut),
    decode: (text) => devalue.parse(text as string, devalueIn),
  },
  "seroval async": {
    encode: async (value) =>
      JSON.stringify(await seroval.toJSONAsync(value, { plugins })),
    decode: (text) => seroval.fromJSON(JSON.parse(text as string), { plugins }),
  },
  "seroval stream": serovalStream,
  "turbo-stream": {
    async encode(value) {
      const chunks: string[] = [];
      const stream = turbo.encode(value, {
        redactErrors: false,
        plugins: [(v) => v instanceof Point && ["Point", v.x, v.y]],
      });
      const reader = stream.getReader();
      for (let read; !(read = await reader.read()).done;) {
        chunks.push(read.value);
      }
      return chunks;
    },
    decode: (chunks) =>
      turbo.decode(ReadableStream.from(chunks as string[]), {
        plugins: [(type, x, y) =>
          type === "Point" && { value: new Point(x as number, y as number) }],
      }),
  },
  superjson: {
    encode: (value) => superjson.stringify(value),
    decode: (text) => superjson.parse(text as string),
  },
  msgpackr: {
    encode: (value) => packr.pack(value),
    decode: (bytes) => packr.unpack(bytes as Uint8Array),
  },
  "cbor-x": {
    encode: (value) => cbor.encode(value),
    decode: (bytes) => cbor.decode(bytes as Uint8Array),
  },
};
