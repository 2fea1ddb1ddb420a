/** What has to work in every runtime, with nothing but the library and the platform: pipelines from end to end. */
import {
  base64,
  blobSource,
  type Bytes,
  type Codec,
  codecs,
  compress,
  type Format,
  formats,
  frames,
  lines,
  messages,
  ndjson,
  open,
  pipe,
  serialize,
  type Stage,
  TruncatedError,
  zstd,
} from "../../mod.ts";
import { createApp } from "../../src/server/app.ts";
import { isSame as same } from "./_is_same.ts";

/** One thing that has to work: it fails if it does not, and may tell how many it has looked at. */
export interface Check {
  readonly group: string;
  readonly name: string;
  run(): unknown;
}

/** What every format holds. */
const plain: readonly unknown[] = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  name: `name ${id} ü 🧂`,
  list: [id / 3, null, true, { x: "" }],
}));

const bytes = new TextEncoder().encode(JSON.stringify(plain));

/** What the command writes, without a checksum. */
const ZSTD = "KLUv/QBYhQAAUHNhbHQgYnJpbmUBAEAWLQ==";

function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** A stream that counts what is asked of it, and notes why it was given up. */
function sourceOf<T>(items: Iterable<T>): {
  readable: ReadableStream<T>;
  pulled: () => number;
  cancelled: () => unknown;
} {
  const iterator = items[Symbol.iterator]();
  let pulled = 0;
  let reason: unknown;
  const readable = new ReadableStream<T>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) return controller.close();
      pulled++;
      controller.enqueue(value);
    },
    cancel(why) {
      reason = why;
    },
  }, { highWaterMark: 0 });
  return { readable, pulled: () => pulled, cancelled: () => reason };
}

async function collect<T>(readable: ReadableStream<T>): Promise<T[]> {
  const items: T[] = [];
  const reader = readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return items;
    items.push(value);
  }
}

function* cut(whole: Bytes, size: number): Generator<Bytes> {
  for (let i = 0; i < whole.length; i += size) {
    yield whole.subarray(i, i + size);
  }
}

async function encode<T>(
  items: readonly T[],
  stage: Stage<T, Bytes>,
): Promise<Bytes> {
  const { readable } = sourceOf(items);
  const stream = readable.pipeThrough(stage.encoder());
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function decode<T>(
  whole: Bytes,
  stage: Stage<T, Bytes>,
  size = 65_536,
): Promise<T[]> {
  const { readable } = sourceOf(cut(whole, size));
  return collect(readable.pipeThrough(stage.decoder()));
}

/** What a promise is rejected with. */
async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("there was no error");
}

/** Formats without an end: a cut between two of their chunks is none. */
const ENDLESS = ["snappy-framed"];

async function checkCodec(codec: Codec): Promise<void> {
  const coded = await encode([...cut(bytes, 1_000)], codec);
  assert(coded.length < bytes.length / 2, "it does not make it smaller");
  for (const size of [999, 70_000]) {
    const back = await decode(coded, codec, size);
    const whole = await new Blob(back).arrayBuffer();
    assert(same(new Uint8Array(whole), bytes), `not as it was, by ${size}`);
  }
  if (ENDLESS.includes(codec.name)) return;
  const short = await encode([bytes.subarray(0, 40)], codec);
  for (let end = 0; end < short.length; end += end < 8 ? 1 : 5) {
    const error = await reasonOf(decode(short.subarray(0, end), codec));
    assert(error instanceof TruncatedError, `${error} of ${end} bytes`);
  }
}

/** Every strict prefix is seen to be cut. */
async function checkCuts(stage: Stage<unknown, Bytes>): Promise<void> {
  const whole = await encode(
    [1, { at: new Date(0), data: bytes.slice(0, 9) }],
    stage,
  );
  for (let end = 0; end < whole.length; end++) {
    const error = await reasonOf(decode(whole.subarray(0, end), stage));
    assert(error instanceof TruncatedError, `${error} of ${end} bytes`);
  }
}

/** Every flipped bit is an error. */
async function checkFlips(stage: Stage<unknown, Bytes>): Promise<void> {
  const whole = await encode([{ at: new Date(0) }], stage);
  for (let bit = 0; bit < 8 * whole.length; bit += 13) {
    const damaged = whole.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    await reasonOf(decode(damaged, stage));
  }
}

const wires: readonly (readonly [string, Stage<unknown, Bytes>])[] = [
  ["messages", messages()],
  ["messages of msgpack", messages({ family: "msgpack" })],
  ["lines", pipe(serialize(), lines())],
  ["frames in base64", pipe(serialize(), frames(), base64())],
];

/** A slow reader holds its source back, and one that stops lets it go, with its reason. */
async function checkFlow(): Promise<void> {
  function* endless() {
    for (let id = 0;; id++) yield { id, noise: bytes.slice(0, 1_000) };
  }
  const { readable, pulled, cancelled } = sourceOf(endless());
  const wire = messages({ maxValues: 1 });
  const reader = readable.pipeThrough(wire.encoder())
    .pipeThrough(wire.decoder()).getReader();
  await reader.read();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert(pulled() < 100, `${pulled()} values for two`);
  const reason = new Error("enough");
  await reader.cancel(reason);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert(cancelled() === reason, `it was told ${cancelled()}`);
}

async function checkErrors(): Promise<void> {
  const reason = new Error("the disk is gone");
  const broken = new ReadableStream<unknown>({
    pull(controller) {
      controller.error(reason);
    },
  });
  const stream = broken.pipeThrough(messages().encoder());
  const error = await reasonOf(collect(stream));
  assert(error === reason, `${error} in its place`);
}

async function checkOpen(): Promise<void> {
  const whole = await encode(plain, messages({ maxValues: 100 }));
  const file = await open(blobSource(new Blob([whole])));
  assert(file.length === plain.length, `${file.length} values`);
  const some = await collect(file.values(250, 460));
  assert(same(some, plain.slice(250, 460)), "not the values that were meant");
}

async function checkServer(): Promise<void> {
  const app = createApp();
  const target = "http://server/convert?from=ndjson&to=json-array";
  const body = await encode(plain, ndjson());
  const response = await app.request(target, { method: "POST", body });
  assert(same(await response.json(), plain), "not as it was");
}

const check = (group: string, name: string, run: () => unknown): Check => ({
  group,
  name,
  run,
});

/** What those hold that hold arrays of numpy and nothing else. */
const arrays: Readonly<Record<string, readonly unknown[]>> = {
  npy: [1.5, -2, Infinity],
  npz: [{ a: [1.5, -2], b: [[true], [false]] }],
};

async function checkFormat({ name, batches }: Format): Promise<number> {
  const values = arrays[name] ?? (name === "json" ? plain.slice(0, 1) : plain);
  const whole = await encode([values], batches());
  for (const size of name === "json" ? [1] : [61, 65_536]) {
    const back = (await decode(whole, batches(), size)).flat();
    // Arrays come back as those of a class, of which the same is written.
    const isBack = name in arrays
      ? same(await encode([back], batches()), whole)
      : same(back, values);
    assert(isBack, `not as it was, by ${size}`);
  }
  return values.length;
}

/** Pipelines of the library. */
export const checks: readonly Check[] = [
  ...formats.map((format) =>
    check("formats", format.name, () => checkFormat(format))
  ),
  ...codecs().map((codec) =>
    check("codecs", codec.name, () => checkCodec(codec))
  ),
  check("codecs", "zstd of known size, as in messages", async () => {
    const stage = pipe(
      serialize<unknown>(),
      compress(zstd({ checksum: true })),
      frames(),
    );
    const whole = await encode(plain, stage);
    assert(whole.length < bytes.length / 2, "it does not make it smaller");
    assert(same(await decode(whole, stage), plain), "not as it was");
  }),
  check("codecs", "zstd as others write it", async () => {
    const [coded] = await decode(new TextEncoder().encode(ZSTD), base64());
    const text = await new Blob(await decode(coded!, zstd())).text();
    assert(text === `${"salt ".repeat(8)}brine`, text);
  }),
  ...wires.flatMap(([name, stage]) => [
    check("framings", `cuts of ${name} are seen`, () => checkCuts(stage)),
    check(
      "framings",
      `flipped bits of ${name} are seen`,
      () => checkFlips(stage),
    ),
  ]),
  check("streams", "a slow reader, and one that stops", checkFlow),
  check("streams", "the source's own error", checkErrors),
  check("streams", "some values of a file, by its index", checkOpen),
  check("server", "converts", checkServer),
];
