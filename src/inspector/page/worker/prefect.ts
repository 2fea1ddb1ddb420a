import { openResult } from "../../../../streams/prefect/result.ts";
import { jsonable } from "../../../prefect/jsonable.ts";
import type { Bytes } from "../../../types.ts";
import type { PythonValue } from "./python_files.ts";

export { jsonable };

/** What Prefect stored. */
export async function readRecord(bytes: Bytes): Promise<PythonValue> {
  const opened = await openResult(bytes);
  const { format, metadata, serializer } = opened;
  const notes = [`serializer: ${serializer.type}`, `stored as: ${format}`];
  if (opened.isExpired()) notes.push("it has expired");
  return { values: [["value", await opened.value()]], header: metadata, notes };
}
