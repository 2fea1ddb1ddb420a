import { deserializeBytes } from "../../../dask/blob.ts";
import { deserialize } from "../../../dask/deserialize.ts";
import { unpackFrames } from "../../../dask/pack.ts";
import { readHeader } from "../../../dask/read_message.ts";
import type { DaskHeader } from "../../../dask/values.ts";
import type { Bytes, Message } from "../../../types.ts";
import type { PythonValue } from "./python_files.ts";

export { readNpy } from "../../../npy/npy.ts";
export { readNpz } from "../../../npy/npz.ts";

/** The value of what Dask's `serialize_bytes` made. */
export function readBlob(bytes: Bytes): PythonValue {
  const [first, ...frames] = unpackFrames(bytes);
  const header = first && first.length > 0 ? readHeader(first, {}) : {};
  return {
    values: [["value", deserializeBytes(bytes)]],
    header,
    notes: [`${frames.length} frames`],
  };
}

/** The value of a message whose header is Dask's. */
export function readMessage({ header, frames }: Message): unknown {
  return deserialize(header as DaskHeader, [...frames]);
}
