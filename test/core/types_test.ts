/**
 * What the compiler has to accept and to refuse. Each `@ts-expect-error` is an error of its own if nothing is wrong on its
 * next line, so `deno check` tests this file; that it runs is tested besides.
 */
import { describe, test } from "bun:test";
import { equal } from "node:assert/strict";
import {
  base64,
  type Bytes,
  type Codec,
  compress,
  defaultRegistry,
  dumps,
  frames,
  gzip,
  type InOf,
  json,
  lines,
  loads,
  type Message,
  messageBatches,
  messages,
  ndjson,
  type OutOf,
  pipe,
  Registry,
  serialize,
  serializeBatches,
  split,
  type Stage,
  zstd,
} from "../../mod.ts";

/** Whether two types are one and the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;
/** Takes nothing but the type `true`. */
const holds = <_ extends true>(): void => {};

/** Never runs: the compiler alone looks at it. */
const compiled = (_: () => unknown): void => {};

interface Reading {
  at: Date;
  level: number;
}

describe("pipe, to the compiler", () => {
  test("takes neighbours that fit, and tells what comes of them", () => {
    const wire = pipe(serialize<Reading>(), compress(zstd()), frames());
    holds<Same<typeof wire, Stage<Reading, Bytes>>>();
    holds<Same<InOf<typeof wire>, Reading>>();
    holds<Same<OutOf<typeof wire>, Bytes>>();

    const whole = pipe(wire, gzip(), base64());
    holds<Same<typeof whole, Stage<Reading, Bytes>>>();

    const middle = pipe(split(), compress());
    holds<Same<typeof middle, Stage<Message, Message>>>();

    const alone = pipe(gzip());
    holds<Same<typeof alone, Stage<Bytes, Bytes>>>();

    const batches = pipe(serializeBatches<Reading>(), lines());
    holds<Same<typeof batches, Stage<readonly Reading[], Bytes>>>();
    equal(whole.name, "serialize+compress+frames+gzip+base64");
  });

  test("takes many stages", () => {
    const long = pipe(
      ...[serialize(), split(), compress(), frames(), gzip()] as const,
      ...[base64(), gzip(), base64(), gzip(), base64(), zstd()] as const,
    );
    holds<Same<typeof long, Stage<unknown, Bytes>>>();
    equal(long.name.split("+").length, 11);
  });

  test("refuses neighbours that do not fit", () => {
    // @ts-expect-error gzip takes bytes, not messages
    compiled(() => pipe(serialize(), gzip()));
    // @ts-expect-error compress takes messages, not bytes
    compiled(() => pipe(frames(), compress()));
    // @ts-expect-error frames takes messages, not bytes
    compiled(() => pipe(serialize(), frames(), frames()));
    // @ts-expect-error there is one boundary only
    compiled(() => pipe(serialize(), frames(), gzip(), lines()));
    // @ts-expect-error the first does not fit the second, though the rest does
    compiled(() => pipe(gzip(), split(), compress(), frames()));
    // @ts-expect-error a stage at least
    compiled(() => pipe());
    // @ts-expect-error stages only
    compiled(() => pipe(gzip(), "base64"));
    // @ts-expect-error numbers are no readings
    compiled(() => pipe(numbers, serialize<Reading>()));
  });
});

const numbers: Stage<string, number> = {
  name: "numbers",
  encoder: () => new TransformStream(),
  decoder: () => new TransformStream(),
};

describe("streams, to the compiler", () => {
  test("carry the type of values", () => {
    const { encoder, decoder } = messages<Reading>();
    holds<Same<ReturnType<typeof encoder>, TransformStream<Reading, Bytes>>>();
    holds<Same<ReturnType<typeof decoder>, TransformStream<Bytes, Reading>>>();
    const batches = messageBatches<Reading>();
    holds<Same<typeof batches, Stage<readonly Reading[], Bytes>>>();
    const source = new ReadableStream<number>();
    // @ts-expect-error numbers are no readings
    compiled(() => source.pipeThrough(encoder()));
    // @ts-expect-error numbers are no bytes
    compiled(() => source.pipeThrough(gzip().decoder()));
  });

  test("of dumps and loads, too", async () => {
    const pipeline = messages<Reading>();
    const reading = { at: new Date(0), level: 1 };
    const back = await loads(await dumps(reading, pipeline), pipeline);
    holds<Same<typeof back, Reading>>();
    equal(back.level, 1);

    const unknown = await loads(await dumps(1));
    holds<Same<typeof unknown, unknown>>();
    const told = await loads<number>(await dumps(1));
    holds<Same<typeof told, number>>();

    // @ts-expect-error a number is no reading
    compiled(() => dumps(1, pipeline));
    // @ts-expect-error this ends in messages, not in bytes
    compiled(() => dumps(1, serialize()));
    // @ts-expect-error text is no bytes
    compiled(() => loads("text"));
    // @ts-expect-error shared memory may change while it is read
    compiled(() => loads(new Uint8Array(new SharedArrayBuffer(1))));
  });

  test("of codecs are codecs", () => {
    const codec: Codec = gzip();
    equal(codec.name, "gzip");
    // @ts-expect-error frames() is no codec
    compiled((): Codec => frames());
    // @ts-expect-error compress takes codecs
    compiled(() => compress(ndjson()));
  });
});

class Point {
  constructor(readonly x: number, readonly y: number) {}
}

describe("Registry, to the compiler", () => {
  test("gives the functions the class that was registered", () => {
    const registry = new Registry(defaultRegistry).registerSerialization(
      Point,
      (point) => {
        holds<Same<typeof point, Point>>();
        return { header: [point.x, point.y] };
      },
      ({ header, frames: list }) => {
        holds<Same<typeof header, unknown>>();
        holds<Same<typeof list, readonly Bytes[]>>();
        return new Point(...header as [number, number]);
      },
    );
    holds<Same<typeof registry, Registry>>();
    const back = registry.deserialize(registry.serialize(new Point(1, 2)));
    holds<Same<typeof back, unknown>>();
    equal((back as Point).y, 2);
  });

  test("refuses functions that do not fit", () => {
    const own = new Registry();
    const parts = () => ({});
    const make = () => new Point(0, 0);
    const date = () => new Date();
    const text = () => ({ frames: ["text"] });
    const z = (point: { z: number }) => ({ header: point.z });
    compiled(() => own.registerSerialization(Point, parts, make));
    // @ts-expect-error a Date is no Point
    compiled(() => own.registerSerialization(Point, parts, date));
    // @ts-expect-error a Point has no z
    compiled(() => own.registerSerialization(Point, z, make));
    // @ts-expect-error frames are bytes
    compiled(() => own.registerSerialization(Point, text, make));
    // @ts-expect-error a name is no class
    compiled(() => own.registerSerialization("Point", parts, make));
    compiled(() => own.serialize(1, { family: json({ inline: true }) }));
    // @ts-expect-error a family is a name or a family
    compiled(() => own.serialize(1, { family: 1 }));
    // @ts-expect-error nothing of a message is changed
    compiled(() => own.serialize(1).frames.push(new Uint8Array(0)));
    // @ts-expect-error nothing of a header is changed
    compiled(() => own.serialize(1).header.values = 2);
  });
});
