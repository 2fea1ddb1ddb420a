import type { Input, Steps } from "../input.ts";
import { BitWriter } from "./bit_writer.ts";
import { type Command, Matches, WINDOW_BITS } from "./matches.ts";
import { writeCodes } from "./prefix_writer.ts";
import {
  CELLS,
  COMMANDS,
  copyLengths,
  FIRST_DISTANCES,
  IMPLICIT,
  insertLengths,
  type Ranges,
} from "./ranges.ts";

/** Symbols of distances there are, with none of their own and none told from below. */
const DISTANCES = 64;

/**
 * Writes brotli (RFC 7932), with one code each for literals, commands and distances of 128 KiB; without contexts and without the
 * dictionary, so that it comes to about what gzip does, and not to what brotli can.
 *
 * @param quality From 0 to 11: how many earlier places are looked at, 1 to 256.
 */
export function* writeBrotli(input: Input, quality: number): Steps {
  const writer = new BitWriter(1 << 16);
  const matches = new Matches(1 << Math.min(quality, 8));
  const distances = Int32Array.from(FIRST_DISTANCES);
  writer.put(1 | WINDOW_BITS - 17 << 1, 4);
  while (!(yield* input.isOver())) {
    const taken = matches.fill(input.bytes.subarray(input.at, input.end));
    input.at += taken;
    if (!matches.isFull) continue;
    writeBlock(writer, matches, distances);
    yield writer.take();
  }
  if (matches.end > matches.start) writeBlock(writer, matches, distances);
  writer.put(3, 2);
  writer.align();
  yield writer.take();
}

/** One meta-block: coded, or as it is if that is no longer. */
function writeBlock(
  writer: BitWriter,
  matches: Matches,
  distances: Int32Array,
): void {
  const { bytes, start, end } = matches;
  const back = writer.mark();
  const before = distances.slice();
  const began = writer.length;
  const commands = matches.commands();
  writeLength(writer, end - start, false);
  writeCommands(writer, commands, matches, distances);
  if (writer.length - began > end - start + 4) {
    back();
    distances.set(before);
    writeLength(writer, end - start, true);
    writer.align();
    writer.putBytes(bytes.subarray(start, end));
  }
  matches.next();
}

/** The head of a meta-block that is not the last. */
function writeLength(writer: BitWriter, length: number, stored: boolean): void {
  const nibbles = length > 1 << 16 ? 5 : 4;
  writer.put(0, 1);
  writer.put(nibbles - 4, 2);
  writer.put(length - 1, 4 * nibbles);
  writer.put(stored ? 1 : 0, 1);
}

/** A command, as symbols and what is added to them; a distance of -1 is not told. */
interface Coded extends Command {
  readonly symbol: number;
  readonly first: number;
  readonly second: number;
  readonly distanceSymbol: number;
}

function writeCommands(
  writer: BitWriter,
  commands: readonly Command[],
  { bytes, start }: Matches,
  distances: Int32Array,
): void {
  const literalCounts = new Int32Array(256);
  const commandCounts = new Int32Array(COMMANDS);
  const distanceCounts = new Int32Array(DISTANCES);
  let at = start;
  const all = commands.map((command) => {
    const coded = codedOf(command, distances);
    for (const end = at + coded.insert; at < end; at++) {
      literalCounts[bytes[at]!]!++;
    }
    at += coded.copy;
    commandCounts[coded.symbol]!++;
    if (coded.distanceSymbol >= 0) distanceCounts[coded.distanceSymbol]!++;
    return coded;
  });
  // One type each of blocks; no distances with symbols of their own; the first mode of contexts; one code each.
  writer.put(0, 3 + 6 + 2 + 2);
  const literals = writeCodes(writer, literalCounts);
  const symbols = writeCodes(writer, commandCounts);
  const far = writeCodes(writer, distanceCounts);
  at = start;
  for (const { symbol, first, second, ...command } of all) {
    const { insert, copy, distance, distanceSymbol } = command;
    writer.put(symbols.codes[symbol]!, symbols.lengths[symbol]!);
    writeExtra(writer, insertLengths, first, insert);
    if (copy > 0) writeExtra(writer, copyLengths, second, copy);
    for (const end = at + insert; at < end; at++) {
      const byte = bytes[at]!;
      writer.put(literals.codes[byte]!, literals.lengths[byte]!);
    }
    at += copy;
    if (distanceSymbol < 0) continue;
    writer.put(far.codes[distanceSymbol]!, far.lengths[distanceSymbol]!);
    if (distanceSymbol >= 16) {
      const bits = 1 + (distanceSymbol - 16 >> 1);
      writer.put(distance + 3 & (1 << bits) - 1, bits);
    }
  }
}

function writeExtra(
  writer: BitWriter,
  { base, extra }: Ranges,
  symbol: number,
  value: number,
): void {
  writer.put(value - base[symbol]!, extra[symbol]!);
}

function codedOf(command: Command, distances: Int32Array): Coded {
  const { insert, copy, distance } = command;
  const first = symbolIn(insertLengths, insert);
  const second = copy === 0 ? 0 : symbolIn(copyLengths, copy);
  const known = copy === 0 ? 3 : distances.lastIndexOf(distance);
  if (known !== 3) {
    distances.copyWithin(0, 1);
    distances[3] = distance;
  }
  // The same as before is best not told at all.
  const isImplicit = known === 3 && first < 8 && second < 16;
  const cell = CELLS.findIndex(([insert, copy], i) =>
    insert === (first & 24) && copy === (second & 24) &&
    (isImplicit || i >= IMPLICIT >> 6)
  );
  const symbol = cell << 6 | (first & 7) << 3 | second & 7;
  const distanceSymbol = copy === 0 || isImplicit
    ? -1
    : known >= 0
    ? 3 - known
    : distanceSymbolOf(distance);
  return { ...command, symbol, first, second, distanceSymbol };
}

/** The last that is not above the value. */
function symbolIn({ base }: Ranges, value: number): number {
  let [low, high] = [0, base.length - 1];
  while (low < high) {
    const middle = low + high + 1 >> 1;
    if (base[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Twice for each number of bits: those that begin with 10, and with 11. */
function distanceSymbolOf(distance: number): number {
  const bits = 30 - Math.clz32(distance + 3);
  return 16 + 2 * (bits - 1) + (distance + 3 >> bits & 1);
}
