/** Python's `json.loads`. */
import { FormatError } from "../errors.ts";
import { decodeText } from "../json/parse.ts";
import { findTooDeep } from "../json/scan.ts";
import { isWithinDepth } from "../plain.ts";
import type { Bytes } from "../types.ts";
import type { PrefectValueOptions } from "./classes.ts";
import { decodeTree, type ObjectDecoder } from "./decode.ts";
import { type Keywords, unexpected } from "./format.ts";
import { tooDeep } from "./reader_errors.ts";
import { TextReader } from "./text_reader.ts";

/** How text is read. */
export interface JsonReading extends PrefectValueOptions {
  /** Whether control characters may not stand in strings. */
  readonly strict: boolean;
  readonly maxDepth: number;
  /** What is made of objects; `undefined` if they stay what they are. */
  readonly decoder: ObjectDecoder | undefined;
  /** Whether the decoder gives back every object that has neither of Prefect's marks. */
  readonly tagsOnly: boolean;
}

/** What Python's `json.loads(**kwargs)` takes of what JSON can hold. */
export function pythonReading(kwargs: Keywords): { readonly strict: boolean } {
  for (const [name, value] of Object.entries(kwargs)) {
    const isHook = /^(?:cls|parse_(?:float|int|constant)|object_pairs_hook)$/;
    if (name === "strict" || (isHook.test(name) && value === null)) continue;
    throw unexpected("JSONDecoder.__init__()", name);
  }
  return { strict: kwargs.strict === undefined || Boolean(kwargs.strict) };
}

/** Text up to this is parsed before anyone asks how deep it is. */
const HARMLESS = 256 << 10;
/** Digits that a number of JavaScript may not hold; not those after a point. A string of digits alone is none. */
const LONG = /(?:^|[^."\d])\d{16}/;
const MINUS_ZERO = /-0(?![.\d])/;
/** What a tag may look like, escapes included. */
const TAG = /__(?:class|exc_type)__|\\u00[5-7]/i;

/**
 * The value of a text. What the runtime's own parser reads as Python would is left to it; the rest takes several times as
 * long.
 *
 * @param bytes The whole text.
 */
export function readJson(bytes: Bytes, reading: JsonReading): unknown {
  const { decoder } = reading;
  const text = textOf(bytes);
  const isQuick = isOrdinary(reading) && !LONG.test(text) &&
    !MINUS_ZERO.test(text);
  const quick = isQuick ? parse(bytes, text, reading.maxDepth) : undefined;
  // What the runtime refuses, Python may read; if it does not, the other reader tells why.
  const value = quick === undefined
    ? new TextReader(text, reading).read()
    : quick;
  if (!decoder || (reading.tagsOnly && !TAG.test(text))) return value;
  return decodeTree(value, decoder);
}

/** The value, `undefined` if the runtime cannot read it. */
function parse(bytes: Bytes, text: string, maxDepth: number): unknown {
  // So that the parser, which recurses, need not be afraid; of less, what it made is looked at instead.
  const isLarge = bytes.length > HARMLESS;
  const deep = isLarge ? findTooDeep(bytes, maxDepth) : -1;
  if (deep >= 0) throw tooDeep(maxDepth, deep);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isShallow = isLarge || bytes.length <= 2 * maxDepth ||
    isWithinDepth(value, maxDepth);
  if (!isShallow) throw tooDeep(maxDepth, findTooDeep(bytes, maxDepth));
  return value;
}

function isOrdinary(reading: JsonReading): boolean {
  const { integers = "auto", floats = "number", dicts = "object" } = reading;
  return integers !== "bigint" && floats === "number" && dicts === "object";
}

function textOf(bytes: Bytes): string {
  try {
    return decodeText(bytes);
  } catch (cause) {
    throw new FormatError("json", "it is not UTF-8", { cause });
  }
}
