/**
 * The wire of one message as a line of text, for places that carry only text: JSON with the frames in base64.
 *
 * ```text
 * {"crc32":"0a1b2c3d","header":{"serializer":"json"},"frames":["eyJhIjoxfQ=="]}
 * ```
 *
 * The checksum is the CRC-32 over the bytes that follow it in the line, from `"header"` on.
 *
 * @module
 */
import { fromBase64, toBase64 } from "../base64.ts";
import { crc32 } from "../crc32.ts";
import { lazyRegistry } from "../lazy_registry.ts";
import { FormatError, LimitError } from "../errors.ts";
import { parseJson } from "../json/parse.ts";
import { isWithinDepth } from "../plain.ts";
import { spell } from "../tree/spell.ts";
import { Frames } from "../tree/frames.ts";
import { revive } from "../tree/revive.ts";
import type { Bytes, Header, Message } from "../types.ts";

const STAGE = "lines";
const HEADER_DEPTH = 32;
const BEFORE = '{"crc32":"';
const AFTER = '",';
/** Where that begins which the checksum is of. */
const CHECKED = BEFORE.length + 8 + AFTER.length;
const ascii = new TextDecoder("latin1");

/** A message as a line, with its newline. */
export function packLine({ header, frames }: Message): Bytes {
  const { tree } = spell(
    header,
    lazyRegistry,
    (_, frame) => toBase64(frame),
  );
  if (!isWithinDepth(tree, HEADER_DEPTH)) {
    throw new LimitError(STAGE, "depth", HEADER_DEPTH + 1, HEADER_DEPTH);
  }
  const rest = `"header":${JSON.stringify(tree)},"frames":${
    JSON.stringify(frames.map(toBase64))
  }}`;
  const line = new TextEncoder().encode(
    `${BEFORE}00000000${AFTER}${rest}\n`,
  );
  const sum = hexOf(crc32(line.subarray(CHECKED, -1)));
  line.set(new TextEncoder().encode(sum), BEFORE.length);
  return line;
}

/**
 * The message of a line.
 *
 * @param line The line, without its newline.
 * @param offset Where it begins in the input.
 */
export function unpackLine(line: Bytes, offset: number): Message {
  const fail = (message: string): never => {
    throw new FormatError(STAGE, message, { offset });
  };
  const sum = hexOf(crc32(line.subarray(CHECKED)));
  const start = ascii.decode(line.subarray(0, CHECKED));
  if (!start.startsWith(BEFORE) || !start.endsWith(AFTER)) {
    fail("a line without a checksum");
  }
  if (start !== BEFORE + sum + AFTER) {
    fail("the line is damaged: wrong checksum");
  }
  const { header, frames } = parseJson(STAGE, line, offset) as Partial<Message>;
  if (!isMap(header)) return fail("the header is not a map");
  const revived = readHeader(header);
  if (!isMap(revived)) return fail("the header is not a map");
  if (!Array.isArray(frames)) return fail("the frames are no list");
  return {
    header: revived,
    frames: frames.map((text: unknown) => {
      const frame = typeof text === "string" ? fromBase64(text) : undefined;
      return frame ?? fail("a frame is not base64");
    }),
  };
}

/** Also of the header that tags made: it could be a value of any class. */
function isMap(header: unknown): header is Header {
  return typeof header === "object" && header !== null &&
    Object.getPrototypeOf(header) === Object.prototype;
}

function readHeader(tree: Header): Header {
  return revive(tree, {
    stage: STAGE,
    registry: lazyRegistry,
    frames: new Frames([]),
    maxDepth: HEADER_DEPTH,
  }) as Header;
}

function hexOf(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}
