/// <reference lib="dom" />
import { collect, streamOf } from "../../../../streams/_collect.ts";
import { compress } from "../../../../streams/compress.ts";
import { frames } from "../../../../streams/frames.ts";
import { gzip } from "../../../../streams/gzip.ts";
import { pipe } from "../../../../streams/stage.ts";
import { lazyRegistry } from "../../../lazy_registry.ts";
import { DType } from "../../../pickle/values/dtype.ts";
import { NdArray } from "../../../pickle/values/ndarray.ts";
import { PyTimeDelta } from "../../../pickle/values/timedelta.ts";
import { PyTuple } from "../../../pickle/values/sequence.ts";
import type { Message } from "../../../types.ts";
import { loadPython } from "./load_python.ts";

const START = Date.UTC(2026, 10, 20);
const BATCHES = 8;
const PER_BATCH = 1_500;

/** Numbers that look random, and are always the same. */
function noise(seed: number): number {
  return Math.sin(seed * 12.9898) * 43758.5453 % 1;
}

/** One of everything. */
const types = {
  title: "What a stream of Brine can hold",
  made: new Date(START),
  license: new URL("https://opensource.org/license/mit"),
  large: 2n ** 100n,
  sizes: new Map([["small", 1], ["large", 1_000_000]]),
  colours: new Set(["sea", "salt", "dill"]),
  pattern: /^pickle[sd]?$/iu,
  nothing: [undefined, null, NaN, -0],
  failure: new RangeError("too much salt", { cause: "the cook" }),
  bytes: new Uint8Array([98, 114, 105, 110, 101]),
};

function reading(id: number) {
  const tide = Math.sin(id / 380);
  return {
    id,
    at: new Date(START + id * 5_000),
    station: ["north", "harbour", "island"][id % 3],
    temperature: Number(
      (11 + 3 * Math.cos(id / 900) + noise(id) * 0.4).toFixed(2),
    ),
    salinity: Number((34 + tide + noise(id + 0.5) * 0.2).toFixed(2)),
    depth: Number((6 + 2 * tide).toFixed(2)),
    calm: Math.abs(noise(id)) < 0.4,
  };
}

/** Two axes of numbers, as numpy has them. */
function grid(batch: number): NdArray {
  const [rows, columns] = [90, 40];
  const data = Float32Array.from({ length: rows * columns }, (_, i) => {
    const [x, y] = [i % columns / 8, Math.floor(i / columns) / 12];
    return Math.sin(x + batch) * Math.cos(y) + noise(i) / 20;
  });
  return new NdArray({
    data: new Uint8Array(data.buffer),
    dtype: DType.of("<f4"),
    shape: [rows, columns],
  });
}

/** Messages of several families, one after the other. */
function* messages(): Generator<Message> {
  yield lazyRegistry.serialize(types);
  for (let batch = 0; batch < BATCHES; batch++) {
    const family = batch % 4 === 2 ? "msgpack" : "json";
    const readings = lazyRegistry.family(family).batch(lazyRegistry);
    for (let i = 0; i < PER_BATCH; i++) {
      readings.add(reading(batch * PER_BATCH + i));
    }
    yield readings.take();
    if (batch % 2 === 0) {
      const wave = Int16Array.from(
        { length: 12_000 },
        (_, i) => 9_000 * Math.sin(i / (60 + batch * 9)) * Math.exp(-i / 6_000),
      );
      yield lazyRegistry.serialize({
        name: `hydrophone ${batch / 2}`,
        hertz: 8_000,
        samples: wave,
      });
    } else {
      const model = {
        step: batch,
        took: new PyTimeDelta(0, 3 * batch, 250_000),
        shape: PyTuple.of(90, 40),
        field: grid(batch),
      };
      yield lazyRegistry.serialize(model, { family: "pickle" });
    }
  }
}

/** A stream to look at, for those who have none at hand. */
export async function example(): Promise<Blob> {
  await loadPython();
  const wire = pipe(compress(gzip()), frames());
  return new Blob(
    await collect(streamOf(messages()).pipeThrough(wire.encoder())),
  );
}
