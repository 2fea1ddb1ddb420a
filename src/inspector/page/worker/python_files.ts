/// <reference lib="dom" />
import type { Bytes } from "../../../types.ts";
import type { Context } from "./context.ts";
import { isAboutInput, told } from "./context.ts";
import { damagedRow } from "./index_messages.ts";
import { loadPython } from "./load_python.ts";
import { LIMITS } from "./next_message.ts";
import type { Random } from "./random.ts";

/** The value, or values, of a file of Python's, and what else there is to know. */
export interface PythonValue {
  readonly values: readonly (readonly [key: string, value: unknown])[];
  readonly header?: unknown;
  readonly notes?: readonly string[];
  readonly listing?: { readonly title: string; readonly text: string };
}

/** Notes down a file that is one value, or, of pickles, each of those in it. */
export async function indexPython(
  context: Context,
  format: string,
): Promise<void> {
  const { bytes, rows } = context;
  const all = await readAll(bytes);
  const row = {
    ...damagedRow(0, all.length, ""),
    status: "ok",
    family: format,
    codecs: "none",
    values: 1,
    plainBytes: all.length,
    note: undefined,
  } as const;
  if (format !== "pickle") {
    try {
      await readPython(format, all);
      rows.add(row);
    } catch (error) {
      if (!isAboutInput(error)) throw error;
      const { text, offset = 0 } = told(error);
      context.damage({
        row: rows.add(damagedRow(0, all.length, text)),
        offset,
        text,
      });
    }
    return await context.advance(all.length);
  }
  const { readPickle } = await loadPython();
  for (let at = 0; at < all.length;) {
    try {
      const { end } = readPickle(all, at);
      rows.add({
        ...row,
        offset: at,
        byteLength: end - at,
        plainBytes: end - at,
      });
      at = end;
    } catch (error) {
      if (!isAboutInput(error)) throw error;
      const { text, offset = at } = told(error);
      const index = rows.add(damagedRow(at, all.length - at, text));
      context.damage({ row: index, offset, text });
      break;
    }
    await context.advance(at);
  }
}

/** All bytes, if they are not too many to be held at once. */
async function readAll(bytes: Random): Promise<Bytes> {
  const all = await bytes.read(0, LIMITS.maxMessageBytes + 1);
  if (all.length <= LIMITS.maxMessageBytes) return all;
  throw new RangeError(
    "a file of this kind is read whole, and this is too large for a page",
  );
}

/** What is in the bytes of a row. */
export async function readPython(
  format: string,
  bytes: Bytes,
): Promise<PythonValue> {
  const python = await loadPython();
  if (format === "pickle") {
    const { value, end } = python.readPickle(bytes, 0);
    const { notes, listing } = python.aboutPickle(bytes.subarray(0, end));
    return {
      values: [["value", value]],
      notes,
      listing: { title: "Instructions", text: listing },
    };
  }
  if (format === "prefect") {
    const { readRecord } = await import("./prefect.ts");
    return await readRecord(bytes);
  }
  const dask = await import("./dask.ts");
  if (format === "npy") return { values: [["array", dask.readNpy(bytes)]] };
  if (format === "npz") return { values: [...dask.readNpz(bytes)] };
  return dask.readBlob(bytes);
}
