import { MsgpackReader } from "./reader.ts";
import { readValue } from "./read_value.ts";
import { timeOf } from "./time.ts";

/** One msgpack value, whole. Integers that a number cannot hold come as bigint. */
export function readMsgpack(
  stage: string,
  bytes: Uint8Array,
  maxDepth: number,
  offset = 0,
): unknown {
  const reader = new MsgpackReader(stage, bytes, 0, offset);
  const value = readValue(reader, maxDepth, timeOf);
  reader.end();
  return value;
}
