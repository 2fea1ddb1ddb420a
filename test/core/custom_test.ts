/** Classes of one's own: methods by symbol, values that contain themselves, nearest classes, names, and schemas. */
import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import * as valibot from "valibot";
import { z } from "zod";
import {
  brine,
  defaultRegistry,
  dumps,
  FormatError,
  loads,
  messages,
  type Parts,
  pipe,
  Registry,
  SerializeError,
  validate,
} from "../../mod.ts";
import { FAMILIES } from "./_ways.ts";

class Point {
  constructor(readonly x: number, readonly y: unknown) {}
  static [brine.deserialize]({ header }: Required<Parts>): Point {
    const [x, y] = header as [number, unknown];
    return new Point(x, y);
  }
  [brine.serialize](): Parts {
    return { header: [this.x, this.y] };
  }
}
class Pixel extends Point {}

class Tree {
  children: unknown[] = [];
  constructor(public name = "") {}
}

const base = () => new Registry(defaultRegistry);
const trees = () =>
  base().registerSerialization(
    Tree,
    ({ name, children }) => ({ header: [name, children] }),
    ({ header }, tree = new Tree()) => {
      const [name, children] = header as [string, unknown[]];
      return Object.assign(tree, { name, children });
    },
    { create: () => new Tree() },
  );

for (const family of FAMILIES) {
  const roundTrip = (value: unknown, registry: Registry) =>
    registry.deserialize(registry.serialize(value, { family }));

  describe(`a class, ${family}`, () => {
    test("may have methods by symbol in place of functions", () => {
      const registry = base().registerSerialization(Point);
      const point = new Point(1, [new Point(-0, new Map([[1n, undefined]]))]);
      deepEqual(roundTrip(point, registry), point);
    });

    test("stands for its subclasses, unless they are registered", () => {
      const registry = base().registerSerialization(Point);
      equal(roundTrip(new Pixel(1, 2), registry)!.constructor, Point);
      registry.registerSerialization(Pixel, undefined, ({ header }) => {
        const [x, y] = header as [number, unknown];
        return new Pixel(x, y);
      });
      equal(roundTrip(new Pixel(1, 2), registry)!.constructor, Pixel);
      equal(roundTrip(new Point(1, 2), registry)!.constructor, Point);
    });

    test("may have another name than its own", () => {
      const writer = base().registerSerialization(
        Point,
        undefined,
        undefined,
        { name: "geo.Point" },
      );
      const message = writer.serialize(new Point(1, 2), { family });
      throws(() => base().deserialize(message), /geo\.Point/);
      deepEqual(writer.deserialize(message), new Point(1, 2));
    });

    test("is refused without its methods", () => {
      throws(() => base().registerSerialization(Tree), /nothing serializes it/);
      throws(
        () => base().registerSerialization(Tree, () => ({})),
        /nothing deserializes it/,
      );
    });

    test("may contain itself, if it can be begun", () => {
      const tree = new Tree("a");
      tree.children.push(new Tree("b"), tree, new Set([tree]));
      const back = roundTrip({ tree }, trees()) as { tree: Tree };
      const [b, self, set] = back.tree.children;
      ok(b instanceof Tree && b.name === "b" && self === back.tree);
      ok((set as Set<unknown>).has(back.tree));
    });

    test("may not contain itself otherwise: the error has the path", () => {
      const registry = base().registerSerialization(Point);
      const list: unknown[] = [];
      const point = new Point(1, list);
      list.push({ point });
      throws(
        () => registry.serialize({ point }, { family }),
        (error) =>
          error instanceof SerializeError &&
          error.path === "$.point[1][0].point",
      );
      // Beside each other, they are one.
      const [a, b] = roundTrip(
        [point.x, new Point(1, 2)],
        registry,
      ) as unknown[];
      ok(a === 1 && b instanceof Point);
      const twice = new Point(3, 4);
      const [c, d] = roundTrip([twice, twice], registry) as unknown[];
      ok(c === d && c instanceof Point);
    });

    test("may have a schema, whose errors have the path", () => {
      const schema = z.object({ x: z.number().max(10), y: z.any() });
      const registry = base().registerSerialization(
        Point,
        undefined,
        undefined,
        { schema },
      );
      deepEqual(roundTrip(new Point(10, 1), registry), new Point(10, 1));
      const message = registry.serialize({ at: [new Point(11, 1)] }, {
        family,
      });
      throws(
        () => registry.deserialize(message),
        (error) =>
          error instanceof FormatError && error.path === "$.at[0]" &&
          /\$\.x/.test(error.message),
      );
    });

    test("may not have a schema that is asynchronous", () => {
      const schema = z.custom<Point>(() => true).refine(() =>
        Promise.resolve(true)
      );
      const registry = base().registerSerialization(
        Point,
        undefined,
        undefined,
        { schema },
      );
      throws(() => roundTrip(new Point(1, 1), registry), /asynchronous/);
    });
  });
}

describe("validate", () => {
  const user = {
    zod: z.object({ name: z.string(), tags: z.array(z.string()).default([]) }),
    valibot: valibot.object({
      name: valibot.string(),
      tags: valibot.optional(valibot.array(valibot.string()), []),
    }),
  };
  for (const [library, schema] of Object.entries(user)) {
    // The compiler cannot know that both say the same.
    const users = pipe(validate<unknown>(schema as never), messages());

    test(`gives what ${library} makes of a value`, async () => {
      const bytes = await dumps({ name: "a" }, users);
      deepEqual(await loads(bytes, users), { name: "a", tags: [] });
    });

    test(`says with ${library} what is wrong, and where`, async () => {
      const bytes = await dumps({ name: "a", tags: ["b", 1] }, users);
      await rejects(
        loads(bytes, users),
        (error) =>
          error instanceof FormatError && error.stage === "validate" &&
          error.path === "$.tags[1]" && error.message.includes("value 0"),
      );
    });
  }

  test("waits for schemas that are asynchronous", async () => {
    const even = z.number().refine((n) => Promise.resolve(n % 2 === 0));
    const evens = pipe(validate<number>(even), messages<number>());
    equal(await loads(await dumps(2, evens), evens), 2);
    await rejects(loads(await dumps(3, evens), evens), FormatError);
  });
});
