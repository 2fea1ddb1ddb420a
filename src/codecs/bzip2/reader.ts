import type { Bytes } from "../../types.ts";
import type { Input, Part, Steps } from "../input.ts";
import { BitReader } from "./bit_reader.ts";
import { BlockReader } from "./block_reader.ts";
import { combine, crcHighFirst } from "./crc.ts";

const MAGIC = [0x42, 0x5a, 0x68];
const PIECE = 1 << 16;
const BLOCK_HIGH = 0x314159;
const BLOCK_LOW = 0x265359;
const END_HIGH = 0x177245;
const END_LOW = 0x385090;

/** Reads all streams there are. */
export function* readBzip2(input: Input, ignoresRest: boolean): Steps {
  for (let follows = false;; follows = true) {
    if (follows && (yield* input.isOver())) return;
    const level = yield* readHeader(input, follows);
    if (level === undefined) {
      if (ignoresRest) return yield* input.skipRest();
      throw input.refusal("there are bytes after the end");
    }
    yield* readStream(input, 100_000 * level);
  }
}

/** The level, and with it the size of blocks; of what follows a stream, nothing if it is none. */
function* readHeader(
  input: Input,
  follows: boolean,
): Part<number | undefined> {
  for (let i = 0; i < 4; i++) {
    yield* input.need(i + 1);
    const byte = input.bytes[input.at + i]!;
    const isRight = i < 3 ? byte === MAGIC[i] : byte >= 0x31 && byte <= 0x39;
    if (isRight) continue;
    if (follows) return undefined;
    throw input.refusal("it is not bzip2");
  }
  input.at += 4;
  return input.bytes[input.at - 1]! - 0x30;
}

function* readStream(input: Input, size: number): Part<void> {
  const reader = new BitReader(input);
  let blocks: BlockReader | undefined;
  let whole = 0;
  for (;;) {
    const { offset } = input;
    const high = yield* reader.read(24);
    const low = yield* reader.read(24);
    const expected = (yield* reader.read(16)) << 16 | (yield* reader.read(16));
    if (high === END_HIGH && low === END_LOW) {
      reader.align();
      if (expected === whole) return;
      throw input.refusal("the checksum is wrong", offset);
    }
    if (high !== BLOCK_HIGH || low !== BLOCK_LOW) {
      throw input.refusal("a block does not begin as it should", offset);
    }
    const crc = yield* readBlock(
      reader,
      blocks ??= new BlockReader(reader, size),
    );
    if (crc !== expected) {
      throw input.refusal("the checksum of a block is wrong", offset);
    }
    whole = combine(whole, crc);
  }
}

function* readBlock(reader: BitReader, blocks: BlockReader): Part<number> {
  const { input } = reader;
  if ((yield* reader.read(1)) === 1) {
    throw input.refusal("a block is of a kind no longer used");
  }
  const start = yield* reader.read(24);
  const length = yield* blocks.read();
  if (start >= length) throw input.refusal("a block begins nowhere");
  const runs = new Runs(blocks.links, length, start);
  let crc = -1;
  while (!runs.isOver) {
    const piece = runs.piece();
    crc = crcHighFirst(piece, crc);
    yield piece;
  }
  return ~crc;
}

/** Walks the links of a block, and undoes the runs in it: four like bytes, and how many more. */
class Runs {
  readonly #links: Uint32Array;
  #left: number;
  #place: number;
  #last = -1;
  #same = 0;
  #more = 0;

  constructor(links: Uint32Array, length: number, start: number) {
    this.#links = links;
    this.#left = length;
    this.#place = links[start]! >>> 8;
  }

  get isOver(): boolean {
    return this.#left === 0 && this.#more === 0;
  }

  piece(): Bytes {
    const links = this.#links;
    const piece = new Uint8Array(PIECE);
    let to = 0;
    let left = this.#left;
    let place = this.#place;
    let last = this.#last;
    let same = this.#same;
    let more = this.#more;
    while (to < PIECE) {
      if (more > 0) {
        const end = Math.min(PIECE, to + more);
        piece.fill(last, to, end);
        more -= end - to;
        to = end;
        continue;
      }
      if (left === 0) break;
      const link = links[place]!;
      const byte = link & 255;
      place = link >>> 8;
      left--;
      if (same === 4) {
        more = byte;
        same = 0;
        continue;
      }
      same = byte === last && same > 0 ? same + 1 : 1;
      last = byte;
      piece[to++] = byte;
    }
    this.#left = left;
    this.#place = place;
    this.#last = last;
    this.#same = same;
    this.#more = more;
    return piece.subarray(0, to);
  }
}
