/** One huge JSON text, both ways. */
import { jsonArrayBatches } from "../streams/json_array.ts";
import { jsonDocument } from "../streams/json_document.ts";
import {
  chunks,
  cut,
  idsOf,
  lengthOf,
  record,
  recordBatches,
  records,
  streamOf,
  sum,
} from "./_data.ts";
import { concat } from "../src/bytes.ts";
import type { Bytes } from "../src/types.ts";
import {
  type Case,
  detailOf,
  peakMemory,
  race,
  type Size,
} from "./_measure.ts";

const utf8 = new TextEncoder();
const megabytes = ({ quick }: Size) => quick ? 1 : 200;

const elements = (input: Iterable<Bytes>) =>
  sum(streamOf(input).pipeThrough(jsonArrayBatches().decoder()), idsOf);
const text = (value: unknown) =>
  sum(streamOf([value]).pipeThrough(jsonDocument().encoder()), lengthOf);

export const parseArray: Case = async (size) => {
  const whole = concat([...chunks(megabytes(size), true)]);
  const times = await race(size.quick ? 1 : 3, {
    "JSON.parse": () => idsOf(JSON.parse(new TextDecoder().decode(whole))),
    brine: () => elements(cut(whole)),
  });
  return [{
    name:
      "JSON array of 200 MB → values: speed against JSON.parse of the whole",
    value: times["JSON.parse"] / times.brine,
    unit: "x",
    atLeast: 0.85,
    detail: detailOf(times),
  }];
};

export const writeDocument: Case = async (size) => {
  const value = records(megabytes(size) * 1e6 / 350 / 4, record);
  const times = await race(size.quick ? 1 : 4, {
    "JSON.stringify": () => utf8.encode(JSON.stringify(value)).length,
    brine: () => text(value),
  });
  return [{
    name: "huge value → JSON text: speed against JSON.stringify of the whole",
    value: times["JSON.stringify"] / times.brine,
    unit: "x",
    atLeast: 0.7,
    detail: detailOf(times),
  }];
};

export const parseMemory: Case = async (size) => {
  await elements(chunks(megabytes(size), true));
  return [peak("JSON array of 200 MB → values: memory above an empty process")];
};

export const writeMemory: Case = async (size) => {
  const rows = function* () {
    for (const batch of recordBatches(megabytes(size))) yield* batch;
  };
  await text({ rows: streamOf(rows()) });
  // No bar: on V8 most of it is what making the values takes.
  const { name, value, unit } = peak(
    "endless value → JSON text: memory above an empty process",
  );
  return [{ name, value, unit }];
};

/** The value itself takes little: it is the same records again and again. */
export const hugeMemory: Case = async (size) => {
  const block = records(1_000, record);
  const length = Math.ceil(megabytes(size) * 1e6 / 350);
  const value = Array.from({ length }, (_, i) => block[i % 1_000]);
  const before = peakMemory();
  await text(value);
  const figure = peak("huge value → JSON text: memory above the value");
  return [{ ...figure, value: figure.value - before }];
};

function peak(name: string) {
  return { name, value: peakMemory(), unit: "MB", atMost: 60 } as const;
}
