import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import {
  type Bytes,
  defaultRegistry,
  dumps,
  errorMessage,
  type Family,
  FormatError,
  json,
  LimitError,
  loads,
  type Message,
  messages,
  msgpack,
  Registry,
  RemoteError,
  SerializeError,
  UnknownNameError,
} from "../../mod.ts";
import { collect, streamOf } from "../json/_helpers.ts";
import { same } from "./_same.ts";
import { FAMILIES } from "./_ways.ts";
import { nested } from "./values.ts";

class Point {
  constructor(readonly x: unknown, readonly y: unknown) {}
}
class Point3 extends Point {
  constructor(x: unknown, y: unknown, readonly z: unknown) {
    super(x, y);
  }
}

const withPoint = () =>
  new Registry(defaultRegistry).registerSerialization(
    Point,
    ({ x, y }) => ({ header: [x, y] }),
    ({ header }) => new Point(...header as [unknown, unknown]),
  );

const decode = (frame: Bytes | undefined) => new TextDecoder().decode(frame);

for (const family of FAMILIES) {
  const roundTrip = (value: unknown, registry: Registry) =>
    registry.deserialize(registry.serialize(value, { family }));

  describe(`a class of one's own, ${family}`, () => {
    test("comes back, whatever is in it", () => {
      const value = {
        at: new Point(1n, new Map([[new Point(-0, []), undefined]])),
        bytes: new Point(Uint8Array.of(1), { $Point: [1] }),
      };
      same(roundTrip(value, withPoint()), value);
    });

    test("comes back through a stream", async () => {
      const stage = messages({ family, registry: withPoint() });
      const value = [new Point(1, 2)];
      same(await loads(await dumps(value, stage), stage), value);
    });

    test("stands for its subclasses", () => {
      const back = roundTrip(new Point3(1, 2, 3), withPoint());
      same(back, new Point(1, 2));
    });

    test("gives way to a nearer one, whichever was registered first", () => {
      const registerPoint3 = (registry: Registry) =>
        registry.registerSerialization(
          Point3,
          ({ x, y, z }) => ({ header: { x, y, z } }),
          ({ header }) => {
            const { x, y, z } = header as Point3;
            return new Point3(x, y, z);
          },
        );
      const late = registerPoint3(withPoint());
      const early = registerPoint3(new Registry(defaultRegistry))
        .registerSerialization(
          Point,
          ({ x, y }) => ({ header: [x, y] }),
          ({ header }) => new Point(...header as [unknown, unknown]),
        );
      for (const registry of [late, early]) {
        const value = [new Point3(1, 2, 3), new Point(1, 2)];
        same(roundTrip(value, registry), value);
      }
    });

    test("may have another name on the wire", () => {
      const registry = new Registry(defaultRegistry).registerSerialization(
        Point,
        ({ x }) => ({ header: x }),
        ({ header }) => new Point(header, 0),
        { name: "geo/Point" },
      );
      same(roundTrip(new Point(7, 0), registry), new Point(7, 0));
      const { frames } = registry.serialize(new Point(7, 0), { family });
      ok(decode(frames[0]).includes("$geo/Point"));
    });

    test("may have any name, and none means anything", () => {
      for (const name of ["__proto__", "constructor", "a b", "", "\ufeff"]) {
        const registry = new Registry(defaultRegistry);
        const register = () =>
          registry.registerSerialization(
            Point,
            ({ x }) => ({ header: x }),
            ({ header }) => new Point(header, 0),
            { name },
          );
        if (name === "") throws(register, TypeError);
        else if (register()) {
          same(roundTrip(new Point(1, 0), registry), new Point(1, 0));
        }
      }
      equal(Object.getPrototypeOf({}), Object.prototype);
    });

    test("may have frames, which are not copied", () => {
      const { frames } = withImage().serialize(new Image(1, BYTES), { family });
      equal(frames[1], BYTES);
      const two = () => [new Image(2, BYTES.slice()), BYTES.slice()];
      same(roundTrip(two(), withImage()), two());
    });

    test("may have neither header nor frames", () => {
      class Unit {}
      const registry = new Registry().addFamily(json()).addFamily(msgpack())
        .registerSerialization(Unit, () => ({}), () => new Unit());
      same(roundTrip([new Unit()], registry), [new Unit()]);
    });

    test("may be made by a function that fails: the error has the path", () => {
      const cause = new Error("out of ink");
      const registry = new Registry(defaultRegistry).registerSerialization(
        Point,
        ({ x }) => {
          if (x) throw cause;
          return { header: 1 };
        },
        () => {
          throw cause;
        },
      );
      throws(
        () => registry.serialize({ a: [new Point(1, 1)] }, { family }),
        (error) => {
          ok(error instanceof SerializeError);
          equal(error.path, "$.a[0]");
          equal(error.cause, cause);
          ok(error.message.includes("out of ink"));
          return true;
        },
      );
      throws(
        () => roundTrip({ a: [1, new Point(0, 0)] }, registry),
        (error) => {
          ok(error instanceof FormatError);
          equal(error.path, "$.a[1]");
          equal(error.stage, family);
          equal(error.cause, cause);
          return true;
        },
      );
    });
  });

  describe(`names, ${family}`, () => {
    test("of types are known or refused, with the path", () => {
      const message = withPoint().serialize(
        { list: [0, new Point(1, 2)] },
        { family },
      );
      throws(() => defaultRegistry.deserialize(message), (error) => {
        ok(error instanceof UnknownNameError);
        equal(error.unknown, "Point");
        equal(error.path, "$.list[1]");
        ok(error.message.includes("Date"));
        return true;
      });
    });

    test("of families are known or refused", () => {
      const registry = new Registry();
      throws(() => registry.serialize(1, { family }), UnknownNameError);
      const message = defaultRegistry.serialize(1, { family });
      throws(() => registry.deserialize(message), UnknownNameError);
    });
  });

  describe(`a batch, ${family}`, () => {
    const { batch } = defaultRegistry.family(family);

    test("holds values in order, and begins anew", () => {
      const values = [1, "b", new Date(3), null, Uint8Array.of(4), [], -0];
      const one = batch(defaultRegistry);
      for (let round = 0; round < 3; round++) {
        equal(one.size, 0);
        equal(one.count, 0);
        let size = 0;
        for (const [i, value] of values.entries()) {
          one.add(value);
          ok(one.size > size);
          size = one.size;
          equal(one.count, i + 1);
        }
        const message = one.take();
        deepEqual(message.header, {
          serializer: family,
          values: values.length,
          tagged: true,
        });
        equal(message.frames.length, 2);
        same(defaultRegistry.deserializeBatch(message), values);
        throws(() => defaultRegistry.deserialize(message), FormatError);
      }
    });

    test("of one value is the message of that value", () => {
      const one = batch(defaultRegistry);
      one.add({ a: [1n] });
      const { header, frames } = one.take();
      const whole = defaultRegistry.serialize({ a: [1n] }, { family });
      deepEqual(header, whole.header);
      deepEqual(decode(frames[0]), decode(whole.frames[0]));
    });

    test("of nothing holds nothing", () => {
      const message = batch(defaultRegistry).take();
      deepEqual(defaultRegistry.deserializeBatch(message), []);
    });

    test("of plain values, one of which is an array", () => {
      for (const values of [[[1, 2]], [[]], [[1], [2]], [[], []]]) {
        const one = batch(defaultRegistry);
        for (const value of values) one.add(value);
        same(defaultRegistry.deserializeBatch(one.take()), values);
      }
    });

    test("counts bytes of frames", () => {
      const one = batch(defaultRegistry);
      one.add(new Uint8Array(1_000_000));
      ok(one.size >= 1_000_000 && one.size < 1_001_000);
    });

    test("keeps nothing of a value that was refused", () => {
      const one = batch(defaultRegistry);
      one.add([Uint8Array.of(1)]);
      const { size } = one;
      const bad = { bytes: new Uint8Array(100), wrong: () => 1 };
      throws(() => one.add(bad), SerializeError);
      equal(one.size, size);
      equal(one.count, 1);
      one.add(Uint8Array.of(2));
      same(defaultRegistry.deserializeBatch(one.take()), [
        [Uint8Array.of(1)],
        Uint8Array.of(2),
      ]);
    });

    test("is sent when it has so many values or bytes", async () => {
      const counts = async (options: object) => {
        const stage = (await import("../../mod.ts")).serialize({
          family,
          ...options,
        });
        const values = Array.from({ length: 10 }, () => "0123456789");
        const sent = await collect(
          streamOf(values).pipeThrough(stage.encoder()),
        );
        return sent.map(({ header }) => header.values ?? 1);
      };
      deepEqual(await counts({}), [10]);
      deepEqual(await counts({ maxValues: 4 }), [4, 4, 2]);
      deepEqual(await counts({ maxValues: 1 }), Array(10).fill(1));
      deepEqual(await counts({ maxBytes: 1 }), Array(10).fill(1));
      equal((await counts({ maxBytes: 40 })).length, 3);
    });
  });

  describe(`depth, ${family}`, () => {
    test("is limited alike for plain values and others", () => {
      const make = family === "json" ? json : msgpack;
      const ten = new Registry(defaultRegistryWithout(family)).addFamily(
        make({ maxDepth: 10 }),
      );
      const read = (value: unknown) =>
        ten.deserialize(defaultRegistry.serialize(value, { family }));
      for (const innermost of [[1], { a: 1 }]) {
        for (const wrap of WRAPS) {
          const value = nested(9, wrap, innermost);
          same(read(value), value);
          throws(() => read([value]), LimitError);
          throws(() => read([[value]]), LimitError);
        }
      }
    });
  });
}

/** Plain, and not. */
const WRAPS: ((inner: unknown) => unknown)[] = [
  (inner) => [inner],
  (a) => ({ a, b: undefined }),
];

/** All types, and all families but one. */
function defaultRegistryWithout(name: string): Registry {
  const registry = new Registry();
  for (const type of defaultRegistry.types()) {
    registry.add(defaultRegistry.get(type)!);
  }
  for (const each of FAMILIES) {
    if (each !== name) registry.addFamily(defaultRegistry.family(each));
  }
  return registry;
}

const BYTES = Uint8Array.of(1, 2, 3);

class Image {
  constructor(readonly width: number, readonly pixels: Bytes) {}
}

function withImage(): Registry {
  return new Registry(defaultRegistry).registerSerialization(
    Image,
    ({ width, pixels }) => ({ header: { width }, frames: [pixels] }),
    ({ header, frames }) => new Image((header as Image).width, frames[0]!),
  );
}

describe("registration", () => {
  const serialize = () => ({});
  const register = (registry: Registry, name: string) =>
    registry.registerSerialization(Point, serialize, () => new Point(0, 0), {
      name,
    });

  test("of a name that is taken is refused", () => {
    const registry = withPoint();
    throws(() => register(registry, "Point"), TypeError);
    throws(() => register(registry, "Date"), TypeError);
    throws(() => registry.registerFamily("json", anyFamily), TypeError);
    throws(() => registry.addFamily(json()), TypeError);
    same(
      registry.deserialize(registry.serialize(new Point(1, 2))),
      new Point(1, 2),
    );
  });

  test("of a name that the tree uses itself is refused", () => {
    for (const name of ["$Point", "$"]) {
      throws(() => register(new Registry(), name), TypeError, name);
    }
  });

  test("of a class without a name is refused", () => {
    const nameless = (() => class {})();
    throws(
      () =>
        new Registry().registerSerialization(nameless, serialize, () => ({})),
      TypeError,
    );
  });

  test("in one registry says nothing of another", () => {
    const first = withPoint();
    const second = new Registry(first);
    register(first, "Other");
    equal(second.get("Other"), undefined);
    ok(second.get("Point"));
    equal(defaultRegistry.get("Point"), undefined);
    second.registerFamily("mine", anyFamily);
    throws(() => first.family("mine"), UnknownNameError);
  });

  test("returns the registry", () => {
    const registry = new Registry();
    equal(register(registry, "A"), registry);
    equal(registry.registerFamily("f", anyFamily), registry);
  });
});

const anyFamily = {
  serialize: (value: unknown) => ({
    header: { note: typeof value },
    frames: [new TextEncoder().encode(String(value))],
  }),
  deserialize: ({ frames }: Message) => decode(frames[0]),
};

describe("a family of one's own", () => {
  const registry = new Registry(defaultRegistry)
    .registerFamily("text", anyFamily);

  test("writes and reads messages of one value", () => {
    const message = registry.serialize("hi", { family: "text" });
    deepEqual(message.header, { serializer: "text", note: "string" });
    equal(registry.deserialize(message), "hi");
  });

  test("goes through a stream, a message a value", async () => {
    const stage = messages({ registry, family: "text" });
    const chunks = await collect(
      streamOf(["a", "b", "c"]).pipeThrough(stage.encoder()),
    );
    const back = streamOf(chunks).pipeThrough(stage.decoder());
    deepEqual(await collect(back), ["a", "b", "c"]);
  });

  test("may be used without being registered, and is needed to read", () => {
    const family: Family = registry.family("text");
    const message = defaultRegistry.serialize("hi", { family });
    throws(() => defaultRegistry.deserialize(message), UnknownNameError);
    equal(registry.deserialize(message), "hi");
  });
});

describe("the family error", () => {
  test("throws what the other side told", () => {
    const message = errorMessage(new TypeError("no salt"));
    equal(message.header.serializer, "error");
    throws(
      () => defaultRegistry.deserialize(message),
      (error) => error instanceof RemoteError && error.message === "no salt",
    );
    equal(decode(errorMessage("just text").frames[0]), "just text");
  });

  test("ends a stream after the values before it", async () => {
    const { frames, serialize, pipe } = await import("../../mod.ts");
    const sent = [defaultRegistry.serialize(1), errorMessage(new Error("cut"))];
    const chunks = streamOf(sent).pipeThrough(frames().encoder());
    const reader = chunks.pipeThrough(pipe(serialize(), frames()).decoder())
      .getReader();
    deepEqual(await reader.read(), { done: false, value: 1 });
    await rejects(reader.read(), new RemoteError("cut"));
  });

  test("writes nothing itself", () => {
    throws(() => defaultRegistry.serialize(1, { family: "error" }), TypeError);
  });
});
