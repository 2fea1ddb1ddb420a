/**
 * A type and a codec of one's own: points travel as two numbers each, and every byte of the stream is hidden behind a key.
 * (This is a toy of a codec, not encryption.)
 *
 * ```console
 * $ bun examples/own_type_and_codec.ts
 * home true 1 2
 * away true -3 0.5
 * ```
 */
import {
  type Bytes,
  type Codec,
  defaultRegistry,
  messages,
  pipe,
  Registry,
} from "@brine/brine";

class Point {
  constructor(readonly x: number, readonly y: number) {}
}

// The default registry stays as it is for everybody else.
const registry = new Registry(defaultRegistry).registerSerialization(
  Point,
  ({ x, y }) => ({ header: [x, y] }),
  ({ header }) => {
    // What comes from outside is looked at before anything is made of it.
    const [x, y] = header as [number, number];
    if (typeof x !== "number" || typeof y !== "number") {
      throw new TypeError("its coordinates are not numbers");
    }
    return new Point(x, y);
  },
);

/** Every byte with a key over it. Both directions are the same. */
function masked(key: number): Codec {
  const mask = () =>
    new TransformStream<Bytes, Bytes>({
      transform: (chunk, controller) =>
        // A new array: what was handed in is never changed.
        controller.enqueue(chunk.map((byte) => byte ^ key)),
    });
  return { name: "masked", encoder: mask, decoder: mask };
}

const brine = pipe(messages<Map<string, Point>>({ registry }), masked(0x5a));

const values = [
  new Map([["home", new Point(1, 2)]]),
  new Map([["away", new Point(-3, 0.5)]]),
];
const bytes = await new Response(
  ReadableStream.from(values).pipeThrough(brine.encoder()),
).blob();
const stream = bytes.stream() as ReadableStream<Bytes>;
for await (const places of stream.pipeThrough(brine.decoder())) {
  for (const [name, point] of places) {
    console.log(name, point instanceof Point, point.x, point.y);
  }
}
