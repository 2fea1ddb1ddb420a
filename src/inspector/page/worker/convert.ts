/// <reference lib="dom" />
import { detectName } from "../../../../streams/detect.ts";
import { codecOf, formatOf } from "../../../../streams/formats.ts";
import type { Bytes } from "../../../types.ts";
import type { Conversion, Converted, Row } from "../protocol.ts";
import { DiskFile } from "./disk.ts";
import type { Random } from "./random.ts";
import type { Rows } from "./rows.ts";
import { valuesOfRow } from "./read_row.ts";

/** What is converted. */
export interface Source {
  readonly name: string;
  readonly format: string;
  readonly isPython: boolean;
  readonly bytes: Random;
  readonly rows: Rows;
}

/** Bytes that are gathered before they become a part of the blob. */
const PART = 4 << 20;

type Tell = (done: number, total: number, bytes: number) => void;

/** Writes all values in another format, row by row. What is damaged is left out. */
export async function convert(
  source: Source,
  conversion: Conversion,
  signal: AbortSignal,
  tell: Tell,
): Promise<Omit<Converted, "damages">> {
  const format = formatOf(conversion.format);
  const codec = conversion.codec === null
    ? undefined
    : codecOf(conversion.codec);
  const isOurs = format.framing !== undefined;
  const walk = await walkOver(source, isOurs, signal);
  const stage = format.batches({
    lossy: conversion.lossy,
    ...isOurs && codec && { codec },
    ...isOurs && source.isPython && { family: "pickle" },
  });
  let bytes = walk.batches.pipeThrough(stage.encoder());
  if (codec && !isOurs) bytes = bytes.pipeThrough(codec.encoder());
  const gathered = await gather(
    bytes,
    (written) => tell(walk.done, source.rows.length, written),
  );
  const [extension = `.${format.name}`] = format.name === "json-array"
    ? [".json"]
    : format.extensions;
  const around = codec && !isOurs
    ? EXTENSIONS.get(codec.name) ?? `.${codec.name}`
    : "";
  return {
    blob: gathered.blob,
    name: `${stem(source.name)}${extension}${around}`,
    values: walk.values,
    error: gathered.error,
  };
}

const EXTENSIONS = new Map([["gzip", ".gz"], ["xz", ".xz"], ["bzip2", ".bz2"], [
  "lz4",
  ".lz4",
], ["deflate", ".zz"]]);

/** A name without the extensions that say what it was. */
function stem(name: string): string {
  let rest = name.split(/[\\/]/).at(-1)!.split(/[?#]/)[0] || "data";
  for (let i = 0; i < 3; i++) {
    const { codec, format } = detectName(rest);
    const dot = rest.lastIndexOf(".");
    if (dot <= 0 || !(codec || format)) break;
    rest = rest.slice(0, dot);
  }
  return rest;
}

interface Walk {
  readonly batches: ReadableStream<readonly unknown[]>;
  done: number;
  values: number;
}

async function walkOver(
  source: Source,
  isOurs: boolean,
  signal: AbortSignal,
): Promise<Walk> {
  const { bytes, rows, format, isPython } = source;
  // Formats that have no types of Python are given what comes next to them.
  const plain = isPython && !isOurs
    ? (await import("./prefect.ts")).jsonable
    : undefined;
  const read = async (row: Row): Promise<readonly unknown[]> => {
    const all: Bytes = await bytes.read(
      row.offset,
      row.offset + row.byteLength,
    );
    const values = await valuesOfRow(format, row, all);
    return plain ? values.map(plain) : values;
  };
  const walk: Walk = {
    done: 0,
    values: 0,
    batches: new ReadableStream<readonly unknown[]>({
      async pull(controller) {
        while (walk.done < rows.length) {
          signal.throwIfAborted();
          const row = rows.at(walk.done++);
          const isLost = row.status === "damaged" && row.values === 0;
          if (isLost || row.status === "failure") continue;
          const values = await read(row);
          walk.values += values.length;
          if (values.length > 0) return controller.enqueue(values);
        }
        controller.close();
      },
    }, { highWaterMark: 0 }),
  };
  return walk;
}

/** What was written last: it is kept until the next. */
let last: DiskFile | undefined;

/** All bytes as a file on disk, or, where there is none to be had, a blob; what comes before a failure is kept. */
async function gather(
  stream: ReadableStream<Bytes>,
  tell: (bytes: number) => void,
): Promise<{ blob: Blob; error: string | undefined }> {
  await last?.remove();
  const disk = last = await DiskFile.create();
  const memory = new Pieces();
  let error: string | undefined;
  try {
    const reader = stream.getReader();
    let [written, told] = [0, 0];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (disk) disk.write(value);
      else memory.add(value);
      written += value.length;
      if (performance.now() - told < 100) continue;
      told = performance.now();
      tell(written);
    }
  } catch (failure) {
    error = failure instanceof Error ? failure.message : String(failure);
  }
  return { blob: disk ? await disk.finish() : memory.blob(), error };
}

/** Bytes on their way into a blob. */
class Pieces {
  #parts: Blob[] = [];
  #chunks: Bytes[] = [];
  #held = 0;

  add(chunk: Bytes): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held >= PART) this.blob();
  }

  /** All so far. */
  blob(): Blob {
    this.#parts.push(new Blob(this.#chunks));
    this.#chunks = [];
    this.#held = 0;
    return new Blob(this.#parts);
  }
}
