import { MsgpackReader } from "./reader.ts";
import { readValue } from "./read_value.ts";

/**
 * The header that some bytes hold: what `packHeader` packs, and integers that a number cannot hold, as bigint.
 *
 * @param stage The stage that errors name.
 */
export function unpackHeader(
  stage: string,
  bytes: Uint8Array,
  maxDepth: number,
): unknown {
  const reader = new MsgpackReader(stage, bytes);
  const header = readValue(reader, maxDepth);
  reader.end();
  return header;
}
