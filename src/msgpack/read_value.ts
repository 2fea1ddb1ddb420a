import { LimitError } from "../errors.ts";
import { reasonOf } from "../told.ts";
import type { MsgpackReader } from "./reader.ts";

/** The value of an extension; throws if there is none. */
export type Extension = (type: number, content: Uint8Array) => unknown;

/** An array or a map that is being filled. */
interface Open {
  readonly array: unknown[];
  /** If it is a map. */
  readonly map: Record<string, unknown> | undefined;
  /** Items that are still to come. */
  left: number;
}

/**
 * One msgpack value, checked as it is read: nothing is allocated for what is only claimed, text is strict UTF-8, keys are text and
 * change no prototype. Integers that a number cannot hold come as bigint. Depth takes no call stack.
 *
 * @param reader Where the value begins; afterwards, where it ends.
 * @param maxDepth Arrays and maps within each other.
 * @param extension Without it, extensions are refused.
 */
export function readValue(
  reader: MsgpackReader,
  maxDepth: number,
  extension?: Extension,
): unknown {
  const root: Open = { array: [], map: undefined, left: 1 };
  const stack = [root];
  for (let top; (top = stack.at(-1));) {
    const depth = stack.length;
    const { array, map } = top;
    while (top.left > 0 && stack.length === depth) {
      top.left--;
      const key = map && keyOf(reader);
      const at = reader.position;
      const head = reader.head();
      let value: unknown = reader.scalar(head);
      if (typeof value === "bigint") value = narrow(value);
      else if (value === undefined) {
        const left = reader.count(head);
        if (left === undefined) {
          value = reader.binary(head) ?? extended(reader, head, extension);
        } else {
          checkDepth(reader, at, depth, maxDepth);
          const open = openOf(head, left);
          value = open.map ?? open.array;
          stack.push(open);
        }
      }
      if (map) map[key!] = value;
      else array.push(value);
    }
    if (stack.length === depth) stack.pop();
  }
  return root.array[0];
}

function openOf(head: number, left: number): Open {
  const isMap = head < 0x90 || head >= 0xde;
  return { array: [], map: isMap ? {} : undefined, left };
}

function checkDepth(
  { stage, base }: MsgpackReader,
  at: number,
  depth: number,
  maxDepth: number,
): void {
  if (depth <= maxDepth) return;
  throw new LimitError(stage, "depth", depth, maxDepth, { offset: base + at });
}

function keyOf(reader: MsgpackReader): string {
  const at = reader.position;
  const key = reader.scalar(reader.head());
  if (typeof key !== "string") reader.fail("a map's key is not text", at);
  if (key === "__proto__") reader.fail("a map has the key __proto__", at);
  return key;
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function extended(
  reader: MsgpackReader,
  head: number,
  extension: Extension | undefined,
): unknown {
  const at = reader.position - 1;
  if (head === 0xc1) return reader.fail("0xc1 is no msgpack", at);
  const length = head >= 0xd4
    ? 1 << head - 0xd4
    : reader.uint(1 << head - 0xc7);
  const [type] = new Int8Array(reader.take(1));
  const content = reader.take(length);
  try {
    if (extension) return extension(type!, content);
  } catch (cause) {
    reader.fail(`it is not msgpack: ${reasonOf(cause)}`, at, cause);
  }
  return reader.fail("extensions are for nothing here", at);
}
