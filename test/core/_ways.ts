import {
  bare,
  type Bytes,
  compress,
  defaultRegistry,
  dumps,
  gzip,
  json,
  lines,
  loads,
  messageBatches,
  messages,
  packFrames,
  pipe,
  serialize,
  split,
  type Stage,
  unpackFrames,
  zstd,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";

export const FAMILIES = ["json", "msgpack"] as const;

/** One value there and back. */
export interface Way {
  readonly name: string;
  go(value: unknown): unknown;
}

/** Every way for one value, through a family. */
export function waysOf(family: string): Way[] {
  const through = (name: string, stage: Stage<unknown, Bytes>): Way => ({
    name,
    go: async (value) => await loads(await dumps(value, stage), stage),
  });
  return [
    {
      name: "serialize and deserialize",
      go: (value) =>
        defaultRegistry.deserialize(
          defaultRegistry.serialize(value, { family }),
        ),
    },
    {
      name: "packFrames and unpackFrames",
      go: (value) => {
        const message = defaultRegistry.serialize(value, { family });
        const bytes = concat(packFrames(message));
        return defaultRegistry.deserialize(unpackFrames(bytes));
      },
    },
    through("dumps and loads", messages({ family })),
  ];
}

/** Base64 in JSON has a code path of its own. */
export const inlineWay: Way = {
  name: "bare JSON",
  go: async (value) => {
    const stage = pipe(serialize({ family: json({ inline: true }) }), bare());
    return await loads(await dumps(value, stage), stage);
  },
};

/** Streams of batches of values. */
export function streamsOf(
  family: string,
): [name: string, stage: Stage<readonly unknown[], Bytes>][] {
  const single = (stage: Stage<unknown, Bytes>) => pipe(unbatch(), stage);
  return [
    ["messages", single(messages({ family }))],
    ["messages, a value each", single(messages({ family, maxValues: 1 }))],
    ["messages, small", single(messages({ family, maxBytes: 100 }))],
    ["messageBatches", messageBatches({ family })],
    ["messageBatches with zstd", messageBatches({ family, codec: zstd() })],
    [
      "lines",
      single(pipe(serialize({ family }), split(), compress(gzip()), lines())),
    ],
  ];
}

/** Batches to values, and back to batches of one. */
function unbatch(): Stage<readonly unknown[], unknown> {
  return {
    name: "unbatch",
    encoder: () =>
      new TransformStream({
        transform: (batch, controller) =>
          batch.forEach((value) => controller.enqueue(value)),
      }),
    decoder: () =>
      new TransformStream({
        transform: (value, controller) => controller.enqueue([value]),
      }),
  };
}

/** A value inside of another. */
export interface Place {
  readonly name: string;
  /** What leads to it, in the paths of errors. */
  readonly path: string;
  put(value: unknown): unknown;
  /** The value that was put there. */
  get(whole: unknown): unknown;
}

type Obj = Record<string, unknown>;
const entry = (map: unknown, i: number) =>
  [...(map as Map<unknown, unknown>)][i]!;

/** Everything that can hold something else. */
export const places: readonly Place[] = [
  { name: "alone", path: "$", put: (v) => v, get: (w) => w },
  {
    name: "an array",
    path: "$[1]",
    put: (v) => [0, v, "after"],
    get: (w) => (w as unknown[])[1],
  },
  {
    name: "an object",
    path: "$.b",
    put: (v) => ({ a: 1, b: v, c: undefined }),
    get: (w) => (w as Obj).b,
  },
  {
    name: "an object that looks like a tag",
    path: '$["$Map"]',
    put: (v) => ({ $Map: v }),
    get: (w) => (w as Obj).$Map,
  },
  {
    name: "a value of a Map",
    path: "$[3]",
    put: (v) => new Map([["a", 1], ["b", v]] as [string, unknown][]),
    get: (w) => entry(w, 1)[1],
  },
  {
    name: "a key of a Map",
    path: "$[0]",
    put: (v) => new Map([[v, "value"]]),
    get: (w) => entry(w, 0)[0],
  },
  {
    name: "a Set",
    path: "$[1]",
    put: (v) => new Set([{}, v]),
    get: (w) => [...w as Set<unknown>][1],
  },
  {
    name: "all of these",
    path: "$.list[0][1][0][0]",
    put: (v) => ({ list: [new Map([["k", new Set([[v]])]])] }),
    get: (w) => {
      const [map] = (w as Obj).list as [Map<string, Set<[unknown]>>];
      return [...map.get("k")!][0]![0];
    },
  },
];
