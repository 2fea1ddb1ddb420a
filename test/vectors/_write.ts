/** What this library writes for the values of a file of vectors, in the same format. */
import { decodeBase64, encodeBase64 } from "@std/encoding/base64";
import {
  dumps,
  loads,
  type PickleDumpOptions,
  type PickleProtocol,
} from "../../src/pickle/mod.ts";
import type { Vectors } from "./_check.ts";
import type { Desc } from "./_describe.ts";

/** What was written, for Python to check. */
export interface Written {
  readonly values: Desc[];
  /** Pickles that are the same as those in the file, byte for byte. */
  identical: number;
  pickles: number;
  /** What could not be written, and why. */
  readonly failed: string[];
}

/** Reads each value, and writes it in each protocol that the file has it in. */
export function written(vectors: Vectors): Written {
  const result: Written = { values: [], identical: 0, pickles: 0, failed: [] };
  for (const e of vectors.values ?? []) {
    const newest = Object.keys(e.pickles).at(-1)!;
    const value = loads(new Uint8Array(decodeBase64(e.pickles[newest])), {
      floats: "wrap",
    });
    const { id, desc, desc_by_protocol } = e;
    const entry: Desc = { id, desc, desc_by_protocol, pickles: {} };
    for (const protocol of Object.keys(e.pickles)) {
      attempt(result, `${e.id} p${protocol}`, () => {
        const options = { protocol: Number(protocol) as PickleProtocol };
        const pickle = encodeBase64(dumps(value, options));
        entry.pickles[protocol] = pickle;
        result.pickles++;
        if (pickle === e.pickles[protocol]) result.identical++;
      });
    }
    if (e.oob) {
      attempt(result, `${e.id} oob`, () => entry.oob = outOfBand(value));
    }
    result.values.push(entry);
  }
  return result;
}

function attempt(result: Written, name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    result.failed.push(`${name}: ${(error as Error).message}`);
  }
}

function outOfBand(value: unknown): Desc {
  const buffers: string[] = [];
  const writable: boolean[] = [];
  const options: PickleDumpOptions = {
    protocol: 5,
    bufferCallback(bytes, readonly) {
      buffers.push(encodeBase64(bytes));
      writable.push(!readonly);
    },
  };
  return { pickle: encodeBase64(dumps(value, options)), buffers, writable };
}
