import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import {
  type Bytes,
  defaultRegistry,
  FormatError,
  Registry,
  SerializeError,
  TruncatedError,
  UnknownNameError,
} from "../../mod.ts";
import { msgpack } from "../../src/msgpack/family.ts";

const FAMILIES = ["json", "msgpack"] as const;

/** A value that is no tree, with what a test is about. */
const shared = (...items: unknown[]) => {
  const twice = { twice: true };
  return [twice, twice, ...items];
};

function roundTrip(family: string, value: unknown): unknown {
  return defaultRegistry.deserialize(
    defaultRegistry.serialize(value, { family }),
  );
}

describe("a graph", () => {
  const bigints = [
    ...[0n, 1n, -1n, 127n, 128n, -33n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n],
    ...[2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n), -(2n ** 63n) - 1n],
    2n ** 700n,
  ];
  const numbers = [
    ...[0, -1, 31, -32, -33, 127, 128, -128, -129, 255, 256, 65_535, 65_536],
    ...[-32_769, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32],
    ...[2 ** 53 - 1, 2 ** 53, 2 ** 60, 0.5, 1e300, 5e-324, NaN, -0, Infinity],
  ];
  const texts = [
    ...["", "a", "é", "ab\u{1f600}", "\ufeffmark", "\ud800", "\0", "\u2028"],
    ...[31, 32, 47, 48, 49, 200, 201, 255, 256, 5_000, 70_000].flatMap((n) => [
      "x".repeat(n),
      "é".repeat(n),
      "x".repeat(n - 1) + "é",
    ]),
  ];

  for (const family of FAMILIES) {
    test(`${family}: bigints, numbers and text of every width`, () => {
      for (const item of [...bigints, ...numbers, ...texts]) {
        const value = shared(item, { item }, [item], new Map([[item, item]]));
        deepEqual(roundTrip(family, value), value);
      }
    });

    test(`${family}: several values of a message, some of them trees`, () => {
      const bytes = new Uint8Array([1, 2, 3]);
      const values = [
        shared(1n, bytes),
        { at: new Date(5), bytes: new Uint8Array([4]) },
        7,
        shared("x"),
        [new Map([[1, { deep: undefined }]])],
      ];
      const batch = defaultRegistry.family(family).batch(defaultRegistry);
      for (const value of values) batch.add(value);
      const message = batch.take();
      equal(message.frames.length, 3);
      deepEqual(defaultRegistry.deserializeBatch(message), values);
    });

    test(`${family}: a value that is refused leaves nothing behind`, () => {
      const batch = defaultRegistry.family(family).batch(defaultRegistry);
      for (let i = 0; i < 3; i++) {
        throws(() => batch.add(shared("much", () => {})), SerializeError);
        equal(batch.count, i);
        equal(batch.size > 0, i > 0);
        batch.add(shared(i));
      }
      deepEqual(
        defaultRegistry.deserializeBatch(batch.take()),
        [shared(0), shared(1), shared(2)],
      );
      throws(() => batch.add(shared(Symbol("mine"))), SerializeError);
      deepEqual(defaultRegistry.deserializeBatch(batch.take()), []);
    });

    test(`${family}: errors tell the path, through whatever is on it`, () => {
      const fails: [value: unknown, path: string][] = [
        [shared(() => {}), "$[2]"],
        [shared({ a: { "b c": [1, () => {}] } }), '$[2].a["b c"][1]'],
        [shared(new Map<unknown, unknown>([["k", () => {}]])), "$[2][1]"],
        [shared(new Set([{ x: Symbol("mine") }])), "$[2][0].x"],
        [shared(Object.assign([1, , () => {}], {})), "$[2][5]"],
        [shared(Object.freeze({ k: () => {} })), "$[2][2]"],
      ];
      for (const [value, path] of fails) {
        throws(
          () => defaultRegistry.serialize(value, { family }),
          (error) => error instanceof SerializeError && error.path === path,
          path,
        );
      }
    });

    test(`${family}: a path goes on where the calls have come back`, () => {
      let value: unknown = [() => {}];
      for (let i = 0; i < 1_000; i++) value = i % 2 ? { v: value } : [value, 1];
      throws(
        () => defaultRegistry.serialize(shared(value), { family }),
        (error) =>
          error instanceof SerializeError &&
          error.path.startsWith("$[2].v[0].v[0]") &&
          error.path.endsWith(".v[0][0]"),
      );
    });

    test(`${family}: wide and deep, with parts before and behind`, () => {
      const pair = { a: 1, b: [2] };
      let value: unknown = [pair];
      for (let i = 0; i < 2_000; i++) {
        value = i % 3 === 0
          ? { before: [pair, i], value, behind: new Date(i) }
          : i % 3 === 1
          ? new Map<unknown, unknown>([[i, pair], ["v", value], ["w", [i]]])
          : [[i], value, { pair }];
      }
      const limits = { maxDepth: 10_000 };
      const message = defaultRegistry.serialize(value, { family });
      let back = defaultRegistry.deserialize(message, limits) as never;
      let seen: unknown;
      for (let i = 1_999; i >= 0; i--) {
        if (i % 3 === 0) {
          const node: { before: unknown[]; value: never; behind: Date } = back;
          seen ??= node.before[0];
          ok(node.before[0] === seen && node.before[1] === i);
          equal(node.behind.getTime(), i);
          back = node.value;
        } else if (i % 3 === 1) {
          const node: Map<unknown, unknown> = back;
          seen ??= node.get(i);
          ok(node.get(i) === seen);
          deepEqual(node.get("w"), [i]);
          back = node.get("v") as never;
        } else {
          const node: [unknown, never, { pair: unknown }] = back;
          seen ??= node[2].pair;
          ok(node[2].pair === seen);
          deepEqual(node[0], [i]);
          back = node[1];
        }
      }
      deepEqual(back, [{ a: 1, b: [2] }]);
    });
  }

  test("msgpack: cut anywhere, it is truncated", () => {
    const value = shared(1n, 2 ** 40, "é".repeat(50), { a: new Date(5) }, "x");
    const { header, frames } = defaultRegistry.serialize(value, {
      family: "msgpack",
    });
    const whole = frames[0]!;
    for (let end = 0; end < whole.length; end++) {
      const message = { header, frames: [whole.subarray(0, end)] };
      throws(() => defaultRegistry.deserialize(message), TruncatedError);
    }
    const more: Bytes = new Uint8Array(whole.length + 1);
    more.set(whole);
    throws(
      () => defaultRegistry.deserialize({ header, frames: [more] }),
      FormatError,
    );
  });

  test("msgpack: bytes in place of a token are text of whole units", () => {
    const graph = (...tokens: number[]) => {
      const name = new TextEncoder().encode("$Graph");
      const head = [0x81, 0xa0 | name.length, ...name, 0x90 | 2];
      const header = { serializer: "msgpack", tagged: true };
      const frames = [Uint8Array.of(...head, ...tokens)];
      return defaultRegistry.deserialize({ header, frames });
    };
    equal(graph(0xff, 0xc4, 4, 0x61, 0, 0, 0xd8), "a\ud800");
    throws(() => graph(0xff, 0xc4, 3, 0x61, 0, 0), FormatError);
    throws(() => graph(0xff, 0xc6, 0xff, 0, 0, 0), TruncatedError);
    throws(() => graph(0xff, 0xc7, 0, 1), FormatError);
    throws(() => graph(0xff, 0x90), FormatError);
    throws(() => graph(0xff, 0xa1, 0xff), FormatError);
  });

  test("msgpack: a registry without bigint takes none and gives none", () => {
    const bare = new Registry().addFamily(msgpack());
    throws(() => bare.serialize(shared(1n), { family: "msgpack" }), {
      name: "SerializeError",
      path: "$[2]",
    });
    const message = defaultRegistry.serialize(shared(1n), {
      family: "msgpack",
    });
    throws(() => bare.deserialize(message), UnknownNameError);
  });

  test("msgpack: a registry with another bigint uses that", () => {
    const other = new Registry().addFamily(msgpack()).add({
      type: "bigint",
      class: "bigint",
      serialize: (value: bigint) => ({ header: String(value) }),
      deserialize: ({ header }) => BigInt(header as string) + 1n,
    });
    const message = other.serialize(shared(1n), { family: "msgpack" });
    deepEqual(other.deserialize(message), shared(2n));
  });
});
