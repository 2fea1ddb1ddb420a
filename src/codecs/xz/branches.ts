import { putU32, u32 } from "../input.ts";

/**
 * Undoes a branch filter on bytes, of which the first has some position in the code; gives how many are done, so that
 * those after it are to come again with more behind them.
 */
export type Convert = (bytes: Uint8Array, position: number) => number;

/** A kind of machine code. */
export interface BranchFilter {
  /** A stream begins at a multiple of it. */
  readonly alignment: number;
  readonly start: () => Convert;
}

/** The branch filters of xz, by number. After XZ for Java (0BSD). */
export const BRANCH_FILTERS: ReadonlyMap<number, BranchFilter> = new Map([
  [0x04, { alignment: 1, start: x86 }],
  [0x05, { alignment: 4, start: () => powerpc }],
  [0x06, { alignment: 16, start: () => ia64 }],
  [0x07, { alignment: 4, start: () => arm }],
  [0x08, { alignment: 2, start: () => armThumb }],
  [0x09, { alignment: 4, start: () => sparc }],
  [0x0a, { alignment: 4, start: () => arm64 }],
  [0x0b, { alignment: 2, start: () => riscv }],
]);

const X86_ALLOWED = [true, true, true, false, true, false, false, false];
const X86_BIT = [0, 1, 2, 2, 3, 3, 3, 3];

/** Calls and jumps with a target of 32 bits. What looks like one in another's target must not be taken for one. */
function x86(): Convert {
  let mask = 0;
  const isEnd = (byte: number) => byte === 0 || byte === 255;
  return (bytes, position) => {
    let last = -1;
    let i = 0;
    for (const end = bytes.length - 5; i <= end; i++) {
      if ((bytes[i]! & 0xfe) !== 0xe8) continue;
      const gap = i - last;
      last = i;
      if (gap > 3) mask = 0;
      else {
        mask = mask << gap - 1 & 7;
        if (
          mask !== 0 &&
          (!X86_ALLOWED[mask] || isEnd(bytes[i + 4 - X86_BIT[mask]!]!))
        ) {
          mask = mask << 1 | 1;
          continue;
        }
      }
      if (!isEnd(bytes[i + 4]!)) {
        mask = mask << 1 | 1;
        continue;
      }
      let source = u32(bytes, i + 1);
      let target: number;
      for (;;) {
        target = source - (position + i + 5) | 0;
        if (mask === 0) break;
        const index = X86_BIT[mask]! * 8;
        if (!isEnd(target >>> 24 - index & 255)) break;
        source = target ^ 2 ** (32 - index) - 1;
      }
      putU32(bytes, i + 1, target << 7 >> 7);
      i += 4;
    }
    const gap = i - last;
    mask = gap > 3 ? 0 : mask << gap - 1;
    return i;
  };
}

function powerpc(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    if ((bytes[i]! & 0xfc) !== 0x48 || (bytes[i + 3]! & 3) !== 1) continue;
    const source = (bytes[i]! & 3) << 24 | bytes[i + 1]! << 16 |
      bytes[i + 2]! << 8 | bytes[i + 3]! & 0xfc;
    const target = source - (position + i);
    bytes[i] = 0x48 | target >>> 24 & 3;
    bytes[i + 1] = target >>> 16;
    bytes[i + 2] = target >>> 8;
    bytes[i + 3] = bytes[i + 3]! & 3 | target & 0xfc;
  }
  return i;
}

const IA64_SLOTS = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0],
].flat();

/** Three instructions of 41 bits in 16 bytes. */
function ia64(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 16 <= bytes.length; i += 16) {
    const slots = IA64_SLOTS[bytes[i]! & 31]!;
    for (let slot = 0; slot < 3; slot++) {
      if ((slots >> slot & 1) === 0) continue;
      const bit = 5 + 41 * slot;
      const at = i + (bit >> 3);
      const shift = BigInt(bit & 7);
      let word = 0n;
      for (let j = 5; j >= 0; j--) word = word << 8n | BigInt(bytes[at + j]!);
      let code = word >> shift;
      if ((code >> 37n & 15n) !== 5n || (code >> 9n & 7n) !== 0n) continue;
      const source = (Number(code >> 13n & 0xfffffn) |
        Number(code >> 36n & 1n) << 20) << 4;
      const target = BigInt(source - (position + i) >>> 4);
      code &= ~(0x8fffffn << 13n);
      code |= (target & 0xfffffn) << 13n | (target & 0x100000n) << 16n;
      word = word & (1n << shift) - 1n | code << shift;
      for (let j = 0; j < 6; j++) {
        bytes[at + j] = Number(word >> BigInt(8 * j) & 255n);
      }
    }
  }
  return i;
}

function arm(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    if (bytes[i + 3] !== 0xeb) continue;
    const source = (bytes[i]! | bytes[i + 1]! << 8 | bytes[i + 2]! << 16) << 2;
    const target = source - (position + i + 8) >>> 2;
    bytes[i] = target;
    bytes[i + 1] = target >>> 8;
    bytes[i + 2] = target >>> 16;
  }
  return i;
}

function armThumb(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 4 <= bytes.length; i += 2) {
    const high = bytes[i + 1]!;
    const low = bytes[i + 3]!;
    if ((high & 0xf8) !== 0xf0 || (low & 0xf8) !== 0xf8) continue;
    const source = ((high & 7) << 19 | bytes[i]! << 11 | (low & 7) << 8 |
      bytes[i + 2]!) << 1;
    const target = source - (position + i + 4) >>> 1;
    bytes[i + 1] = 0xf0 | target >>> 19 & 7;
    bytes[i] = target >>> 11;
    bytes[i + 3] = 0xf8 | target >>> 8 & 7;
    bytes[i + 2] = target;
    i += 2;
  }
  return i;
}

function sparc(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    const [a, b] = [bytes[i]!, bytes[i + 1]!];
    const isCall = a === 0x40 && (b & 0xc0) === 0 ||
      a === 0x7f && (b & 0xc0) === 0xc0;
    if (!isCall) continue;
    const source = (a << 24 | b << 16 | bytes[i + 2]! << 8 | bytes[i + 3]!) <<
      2;
    const target = source - (position + i) >>> 2;
    const word = -(target >>> 22 & 1) << 22 & 0x3fffffff | target & 0x3fffff |
      0x40000000;
    bytes[i] = word >>> 24;
    bytes[i + 1] = word >>> 16;
    bytes[i + 2] = word >>> 8;
    bytes[i + 3] = word;
  }
  return i;
}

function arm64(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    const high = bytes[i + 3]!;
    const word = u32(bytes, i);
    const at = position + i >>> 0;
    if ((high & 0xfc) === 0x94) {
      putU32(bytes, i, 0x94000000 | word - (at >>> 2) & 0x3ffffff);
    } else if ((high & 0x9f) === 0x90) {
      const source = word >>> 29 & 3 | word >>> 3 & 0x1ffffc;
      if ((source + 0x20000 & 0x1c0000) !== 0) continue;
      const target = source - (at >>> 12);
      putU32(
        bytes,
        i,
        word & 0x9000001f | (target & 3) << 29 | (target & 0x3fffc) << 3 |
          -(target & 0x20000) & 0xe00000,
      );
    }
  }
  return i;
}

function riscv(bytes: Uint8Array, position: number): number {
  let i = 0;
  for (; i + 8 <= bytes.length; i += 2) {
    const opcode = bytes[i]!;
    if (opcode === 0xef) {
      const b1 = bytes[i + 1]!;
      if ((b1 & 0x0d) !== 0) continue;
      const target = ((b1 & 0xf0) << 13 | bytes[i + 2]! << 9 |
        bytes[i + 3]! << 1) - (position + i);
      bytes[i + 1] = b1 & 15 | target >>> 8 & 0xf0;
      bytes[i + 2] = target >>> 16 & 15 | target >>> 7 & 16 |
        target << 4 & 0xe0;
      bytes[i + 3] = target >>> 4 & 0x7f | target >>> 13 & 0x80;
      i += 2;
    } else if ((opcode & 0x7f) === 0x17) i += auipc(bytes, i, position + i);
  }
  return i;
}

/** A pair of instructions that make one address; gives how far to go on, less 2. */
function auipc(bytes: Uint8Array, i: number, position: number): number {
  let first = u32(bytes, i) | 0;
  let second: number;
  if ((first & 0xe80) !== 0) {
    // What only looks like one, and was marked as such.
    second = u32(bytes, i + 4) | 0;
    if (((first << 8 ^ second) & 0xf8003) !== 3) return 4;
    const address = (first & 0xfffff000) + (second >>> 20) | 0;
    first = 0x17 | 2 << 7 | second << 12;
    second = address;
  } else {
    const register = first >>> 27;
    if ((first - 0x3100 & 0x3f80) >= (register & 0x1d)) return 2;
    const big = bytes[i + 4]! << 24 | bytes[i + 5]! << 16 |
      bytes[i + 6]! << 8 | bytes[i + 7]!;
    const address = big - position | 0;
    second = first >>> 12 | address << 20;
    first = 0x17 | register << 7 | address + 0x800 & 0xfffff000;
  }
  putU32(bytes, i, first);
  putU32(bytes, i + 4, second);
  return 6;
}
