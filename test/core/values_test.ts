import { describe, test } from "bun:test";
import { equal, ok, rejects, throws } from "node:assert/strict";
import {
  defaultRegistry,
  dumps,
  LimitError,
  messages,
  SerializeError,
} from "../../mod.ts";
import { collect, cut, SIZES, streamOf } from "../json/_helpers.ts";
import { same } from "./_same.ts";
import { FAMILIES, inlineWay, places, streamsOf, waysOf } from "./_ways.ts";
import { kept, nested, refused, type Row } from "./values.ts";

/** Asserts that a value came back, and that the one sent is what it was. */
function isBack(row: Row, actual: unknown, sent: unknown, get = id): void {
  const compare = row.check ?? same;
  compare(get(actual), get(sent));
  if (!row.check) same(actual, sent);
}
const id = (value: unknown) => value;

describe("what is kept", () => {
  for (const family of FAMILIES) {
    for (
      const way of [...waysOf(family), ...family === "json" ? [inlineWay] : []]
    ) {
      for (const { name, put, get } of places) {
        test(`${family}, ${way.name}: ${name}`, async () => {
          for (const row of kept) {
            const sent = put(row.make());
            const actual = await named(row, () => way.go(sent));
            await named(row, () => {
              isBack(row, actual, sent, get);
              isBack(row, sent, put(row.make()), get);
            });
          }
        });
      }
    }
  }
});

describe("what is kept, in streams", () => {
  for (const family of FAMILIES) {
    for (const [name, stage] of streamsOf(family)) {
      test(`${family}, ${name}`, async () => {
        const sent = kept.map((row) => row.make());
        const batches = [sent.slice(0, 7), [], sent.slice(7)];
        const chunks = await collect(
          streamOf(batches).pipeThrough(stage.encoder()),
        );
        const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
        const sizes = name === "messages" ? SIZES : [1, "random"] as const;
        for (const size of sizes) {
          const back = (await collect(
            streamOf(cut(bytes, size)).pipeThrough(stage.decoder()),
          )).flat(1);
          equal(back.length, kept.length, `cut by ${size}`);
          for (const [i, row] of kept.entries()) {
            await named(row, () => isBack(row, back[i], row.make()));
          }
        }
      });
    }
  }
});

const shapes: [string, (inner: unknown) => unknown][] = [
  ["[0]", (inner) => [inner]],
  [".a", (a) => ({ a })],
  ['["$a"]', ($a) => ({ $a })],
  ["[0]", (inner) => new Set([inner])],
];

describe("what is deep", () => {
  for (const family of FAMILIES) {
    test(`${family}: comes back from a depth of 200,000, if the reader allows`, () => {
      for (const [, wrap] of shapes) {
        const value = nested(200_000, wrap);
        const message = defaultRegistry.serialize(value, { family });
        throws(() => defaultRegistry.deserialize(message), LimitError);
        // A Set has its values in a list.
        const maxDepth = 400_000;
        let back = defaultRegistry.deserialize(message, { maxDepth });
        let depth = 0;
        for (; typeof back === "object"; depth++) {
          back = back instanceof Set ? [...back][0] : Object.values(back!)[0];
        }
        equal(depth, 200_000);
        equal(back, 1);
      }
    });
  }
});

describe("what is refused", () => {
  for (const family of FAMILIES) {
    for (const { name, path: above, put } of places) {
      test(`${family}: ${name}`, () => {
        for (const { name, make, path = "" } of refused) {
          throws(
            () => defaultRegistry.serialize(put(make()), { family }),
            (error) => {
              ok(error instanceof SerializeError, `${name}: ${error}`);
              equal(error.path, above + path, name);
              return true;
            },
          );
        }
      });
    }

    test(`${family}: in a stream`, async () => {
      for (const { name, make, path = "" } of refused) {
        await rejects(dumps(make(), messages({ family })), (error) => {
          ok(error instanceof SerializeError, `${name}: ${error}`);
          equal(error.path, "$" + path, name);
          return true;
        });
      }
    });

    test(`${family}: what lies deep, with both ends of its path`, () => {
      for (const [step, wrap] of shapes) {
        throws(
          () =>
            defaultRegistry.serialize(nested(100_000, wrap, () => 1), {
              family,
            }),
          (error) => {
            ok(error instanceof SerializeError, String(error));
            const ends = step.repeat(16);
            ok(error.message.includes(`$${ends}…${ends}:`), error.message);
            return true;
          },
        );
      }
    });
  }
});

describe("same", () => {
  const shared = {};
  const cycle = () => {
    const a: unknown[] = [];
    a.push(a);
    return a;
  };
  const different: [string, unknown, unknown][] = [
    ["-0", -0, 0],
    ["NaN", [NaN], [0]],
    ["sharing", [shared, shared], [{}, {}]],
    ["no sharing", [{}, {}], [shared, shared]],
    ["a cycle", cycle(), [[]]],
    ["a prototype", Object.create(null), {}],
    ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["a hole", [,], [undefined]],
    ["a getter's attributes", Object.defineProperty({}, "a", { value: 1 }), {
      a: 1,
    }],
    [
      "the order of a Map",
      new Map([[1, 1], [2, 2]]),
      new Map([[2, 2], [1, 1]]),
    ],
    ["a value of a Set", new Set([1]), new Set(["1"])],
    ["a time", new Date(1), new Date(2)],
    ["bytes", Uint8Array.of(1), Uint8Array.of(2)],
    ["a class of bytes", Uint8Array.of(1), Int8Array.of(1)],
    ["being frozen", Object.freeze({}), {}],
  ];
  for (const [name, a, b] of different) {
    test(`sees ${name}`, () => {
      throws(() => same(a, b));
      throws(() => same(b, a));
      same(a, a);
    });
  }

  test("takes equal graphs for the same", () => same(cycle(), cycle()));
});

/** So that a failure tells of which row it is. */
async function named<T>({ name }: Row, body: () => T): Promise<Awaited<T>> {
  try {
    return await body();
  } catch (error) {
    throw new Error(`${name}: ${error}`, { cause: error });
  }
}
