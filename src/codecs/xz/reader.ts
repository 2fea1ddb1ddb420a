import { type FormatError, LimitError } from "../../errors.ts";
import type { Bytes } from "../../types.ts";
import type { Input, Part, Steps } from "../input.ts";
import { beginsAlone, readAlone } from "../lzma/alone.ts";
import { readLzma2 } from "../lzma/lzma2.ts";
import { type Check, CHECKS } from "./checks.ts";
import { type Filter, filterOf } from "./filters.ts";
import { BlockRecords, hasCrc, HEADER_MAGIC } from "./index.ts";
import { readVli } from "./vli.ts";
import { readEnd, skipZeros } from "./index_reader.ts";

/** What the decoder takes. */
export interface XzLimits {
  /** Bytes of memory that a dictionary may ask for. */
  readonly maxDictionary: number;
  /** Whether what follows the first stream, and is none, is passed over. */
  readonly ignoresRest: boolean;
}

const LZMA2 = 0x21;

/** Reads all streams there are, `.xz` with the padding between them, and `.lzma`. */
export function* readXz(input: Input, limits: XzLimits): Steps {
  const { maxDictionary, ignoresRest } = limits;
  for (let follows = false;; follows = true) {
    const end = input.offset;
    const isAlone = yield* isNext(input, limits, follows);
    if (isAlone === undefined) return;
    if (isAlone) yield* readAlone(input, maxDictionary);
    else yield* readStream(input, maxDictionary, follows, end);
    if (ignoresRest) continue;
    if (!isAlone) yield* skipPadding(input);
    else if (!(yield* input.isOver())) throw afterEnd(input);
  }
}

/** Whether `.lzma` is next, or `.xz`, or nothing more. */
function* isNext(
  input: Input,
  { ignoresRest }: XzLimits,
  follows: boolean,
): Part<boolean | undefined> {
  if (follows && (yield* input.isOver())) return undefined;
  if (follows && ignoresRest && !(yield* beginsStream(input))) {
    yield* input.skipRest();
    return undefined;
  }
  yield* input.need(1);
  const isAlone = input.bytes[input.at] !== HEADER_MAGIC[0];
  return isAlone && !(follows && !ignoresRest);
}

function afterEnd(input: Input, offset?: number): FormatError {
  return input.refusal("there are bytes after the end", offset);
}

/**
 * Reads one stream of `.xz`.
 *
 * @param end Where the one before ended, if it follows one.
 */
function* readStream(
  input: Input,
  maxDictionary: number,
  follows: boolean,
  end: number,
): Part<void> {
  if (follows) {
    for (const byte of HEADER_MAGIC) {
      if ((yield* input.byte()) === byte) continue;
      throw afterEnd(input, end);
    }
  } else yield* input.expect(HEADER_MAGIC, "it is not xz");
  const flags = (yield* input.take(6)).slice();
  if (!hasCrc(flags)) throw input.refusal("the header's checksum is wrong");
  const check = [...CHECKS.values()].find(({ id }) => id === flags[1]);
  if (flags[0] !== 0 || !check) {
    throw input.refusal("the kind of check is unknown");
  }
  const records = new BlockRecords();
  for (;;) {
    const size = yield* input.byte();
    if (size === 0) break;
    yield* readBlock(input, size, check, records, maxDictionary);
  }
  yield* readEnd(input, records, flags);
}

interface BlockHeader {
  readonly packed: number | undefined;
  readonly plain: number | undefined;
  readonly filters: readonly Filter[];
  readonly dictionary: number;
}

function* readBlock(
  input: Input,
  sizeByte: number,
  { size, start }: { size: number; start: () => Check },
  records: BlockRecords,
  maxDictionary: number,
): Part<void> {
  const begin = input.offset - 1;
  const header = yield* readHeader(input, sizeByte, maxDictionary);
  const { filters } = header;
  const check = start();
  const dataStart = input.offset;
  let plain = 0;
  const note = (piece: Bytes): Bytes => {
    check.update(piece);
    plain += piece.length;
    return piece;
  };
  yield* readLzma2(input, header.dictionary, (piece) => {
    for (const filter of filters) piece = filter.push(piece);
    return note(piece);
  });
  for (let i = 0; i < filters.length; i++) {
    let piece = filters[i]!.end();
    for (const filter of filters.slice(i + 1)) piece = filter.push(piece);
    if (piece.length > 0) yield note(piece);
  }
  const packed = input.offset - dataStart;
  if (
    (header.packed ?? packed) !== packed || (header.plain ?? plain) !== plain
  ) throw input.refusal("a block has not the length it should", begin);
  yield* skipZeros(input, -packed & 3);
  const checkAt = input.offset;
  const expected = yield* input.take(size);
  if (check.digest().some((byte, i) => byte !== expected[i])) {
    throw input.refusal("the checksum of a block is wrong", checkAt);
  }
  records.add(dataStart - begin + packed + size, plain);
}

function* readHeader(
  input: Input,
  sizeByte: number,
  maxDictionary: number,
): Part<BlockHeader> {
  const begin = input.offset - 1;
  const size = 4 * (sizeByte + 1);
  yield* input.need(size - 1);
  const whole = new Uint8Array(size);
  whole[0] = sizeByte;
  whole.set(input.bytes.subarray(input.at, input.at + size - 1), 1);
  if (!hasCrc(whole)) {
    throw input.refusal("the checksum of a block's header is wrong", begin);
  }
  const end = begin + size - 4;
  const flags = yield* input.byte();
  const packed = flags & 0x40 ? yield* readVli(input) : undefined;
  const plain = flags & 0x80 ? yield* readVli(input) : undefined;
  const filters: Filter[] = [];
  const count = (flags & 3) + 1;
  let dictionary: number | undefined;
  for (let i = 0; i < count; i++) {
    const id = yield* readVli(input);
    const length = yield* readVli(input);
    if (length > end - input.offset) break;
    const props = (yield* input.take(length)).slice();
    const filter = id === LZMA2 ? undefined : filterOf(id, props);
    if (id === LZMA2 && i === count - 1) dictionary = dictionarySize(props);
    else if (!filter) throw input.refusal("a filter is unknown", begin);
    // They are undone from the last to the first.
    else filters.unshift(filter);
  }
  if (flags & 0x3c || dictionary === undefined || input.offset > end) {
    throw input.refusal("a block's header is wrong", begin);
  }
  yield* skipZeros(input, end - input.offset);
  yield* input.take(4);
  if (dictionary > maxDictionary) {
    throw new LimitError("xz", "a dictionary", dictionary, maxDictionary, {
      offset: begin,
    });
  }
  return { packed, plain, filters, dictionary };
}

function dictionarySize(props: Bytes): number | undefined {
  const [bits = 41] = props;
  if (props.length !== 1 || bits > 40) return undefined;
  return bits === 40 ? 2 ** 32 - 1 : (2 | bits & 1) * 2 ** ((bits >> 1) + 11);
}

/** Zeros between streams, and after the last, come in fours. */
function* skipPadding(input: Input): Part<void> {
  const begin = input.offset;
  while (!(yield* input.isOver()) && input.bytes[input.at] === 0) input.at++;
  if ((input.offset - begin) % 4 === 0) return;
  throw input.refusal("padding between streams is not of four bytes", begin);
}

/** Whether Python would take what follows for another stream. */
function* beginsStream(input: Input): Part<boolean> {
  yield* input.need(1);
  if (input.bytes[input.at] !== HEADER_MAGIC[0]) {
    return yield* beginsAlone(input);
  }
  for (let i = 1; i < HEADER_MAGIC.length; i++) {
    yield* input.need(i + 1);
    if (input.bytes[input.at + i] !== HEADER_MAGIC[i]) return false;
  }
  return true;
}
