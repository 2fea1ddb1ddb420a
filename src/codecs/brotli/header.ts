/** What stands before the commands of a meta-block (RFC 7932, section 9.2). */
import type { Part } from "../input.ts";
import type { Bits } from "./bits.ts";
import { readTable, type Table } from "./prefix_codes.ts";
import { blockLengths } from "./ranges.ts";

/** So long is a block of which no length is told: longer than any meta-block. */
const ENDLESS = 1 << 24;

/** Literals, commands or distances, which go in blocks of several types. */
export class Blocks {
  /** The type at hand, and how much of its block is left. */
  type = 0;
  left: number = ENDLESS;
  readonly types: number;
  readonly #typeTable: Table | undefined;
  readonly #lengthTable: Table | undefined;
  #previous = 1;

  constructor(types: number, typeTable?: Table, lengthTable?: Table) {
    this.types = types;
    this.#typeTable = typeTable;
    this.#lengthTable = lengthTable;
  }

  static *read(bits: Bits): Part<Blocks> {
    const types = yield* bits.small();
    if (types === 1) return new Blocks(1);
    const typeTable = yield* readTable(bits, types + 2);
    const lengthTable = yield* readTable(bits, blockLengths.base.length);
    const blocks = new Blocks(types, typeTable, lengthTable);
    yield* blocks.#readLength(bits);
    return blocks;
  }

  *#readLength(bits: Bits): Part<void> {
    const { base, extra } = blockLengths;
    const symbol = yield* bits.symbol(this.#lengthTable!);
    this.left = base[symbol]! + (yield* bits.take(extra[symbol]!));
  }

  /** Goes on to the next block. */
  *next(bits: Bits): Part<void> {
    if (!this.#typeTable) {
      this.left = ENDLESS;
      return;
    }
    const symbol = yield* bits.symbol(this.#typeTable);
    const { type } = this;
    this.type = symbol > 1
      ? symbol - 2
      : symbol === 0
      ? this.#previous
      : (type + 1) % this.types;
    this.#previous = type;
    yield* this.#readLength(bits);
  }
}

/** Which of several codes is for what. */
export interface Trees {
  readonly map: Uint8Array;
  readonly tables: readonly Table[];
}

/** All that a meta-block says of how its commands are coded. */
export interface Header {
  readonly literals: Blocks;
  readonly commands: Blocks;
  readonly distances: Blocks;
  /** Of each type of literals, what the bytes before say: where its mode begins in `contexts`. */
  readonly modes: Uint16Array;
  readonly literalTrees: Trees;
  readonly commandTables: readonly Table[];
  readonly distanceTrees: Trees;
  /** Bits of a distance that its symbol tells from below, and distances that have symbols of their own. */
  readonly postfix: number;
  readonly direct: number;
}

export function* readHeader(bits: Bits): Part<Header> {
  const literals = yield* Blocks.read(bits);
  const commands = yield* Blocks.read(bits);
  const distances = yield* Blocks.read(bits);
  const postfix = yield* bits.take(2);
  const direct = (yield* bits.take(4)) << postfix;
  const modes = new Uint16Array(literals.types);
  for (let i = 0; i < modes.length; i++) modes[i] = (yield* bits.take(2)) << 9;
  const [literalTrees, literalMap] = yield* readMap(bits, literals.types << 6);
  const [distanceTrees, distanceMap] = yield* readMap(
    bits,
    distances.types << 2,
  );
  const ofLiterals = yield* readTables(bits, literalTrees, 256);
  const commandTables = yield* readTables(bits, commands.types, 704);
  const symbols = 16 + direct + (48 << postfix);
  const ofDistances = yield* readTables(bits, distanceTrees, symbols);
  return {
    ...{ literals, commands, distances, modes, postfix, direct },
    literalTrees: { map: literalMap, tables: ofLiterals },
    commandTables,
    distanceTrees: { map: distanceMap, tables: ofDistances },
  };
}

function* readTables(
  bits: Bits,
  count: number,
  symbols: number,
): Part<Table[]> {
  const tables: Table[] = [];
  while (tables.length < count) tables.push(yield* readTable(bits, symbols));
  return tables;
}

/** How many codes there are, and which of them is for which context. */
function* readMap(bits: Bits, size: number): Part<[number, Uint8Array]> {
  const trees = yield* bits.small();
  const map = new Uint8Array(size);
  if (trees === 1) return [trees, map];
  const runs = (yield* bits.take(1)) === 0 ? 0 : 1 + (yield* bits.take(4));
  const table = yield* readTable(bits, trees + runs);
  for (let i = 0; i < size;) {
    const symbol = yield* bits.symbol(table);
    if (symbol === 0 || symbol > runs) {
      map[i++] = symbol === 0 ? 0 : symbol - runs;
      continue;
    }
    // Zeros.
    i += (1 << symbol) + (yield* bits.take(symbol));
    if (i > size) throw bits.refusal("a map of contexts is too long");
  }
  if ((yield* bits.take(1)) === 1) moveToFront(map);
  return [trees, map];
}

/** Each number says how long ago what it stands for was there. */
function moveToFront(map: Uint8Array): void {
  const order = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0; i < map.length; i++) {
    const index = map[i]!;
    const value = order[index]!;
    map[i] = value;
    order.copyWithin(1, 0, index);
    order[0] = value;
  }
}
