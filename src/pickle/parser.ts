import type { Bytes } from "../types.ts";
import { defaultGlobals } from "./default_globals.ts";
import { resultOf } from "./loads.ts";
import { Machine } from "./machine.ts";
import type { PickleLoadOptions } from "./options.ts";
import { run } from "./run.ts";

/** Options for reading pickles from a stream. */
export interface PickleParserOptions extends PickleLoadOptions {
  /** Bytes of one instruction: of a text, an array. @default {2_147_483_648} */
  readonly maxItemBytes?: number | undefined;
}

/** Bytes that are allocated for an instruction whatever of it is there. */
const AT_ONCE = 1 << 20;
/** What the longest items of arrays are aligned to. */
const ALIGNMENT = 16;
/** BINBYTES, BINBYTES8 and BYTEARRAY8, and their bytes before those of the array. */
const HEADERS: ReadonlyMap<number, number> = new Map([
  [0x42, 5],
  [0x8e, 9],
  [0x96, 9],
]);

/**
 * Reads pickles, one behind the other, from chunks of any size. It keeps the state of the machine and the instruction
 * that is cut, and nothing else: the bytes of a large array are gathered in one buffer, which the array then is a view of.
 */
export class PickleParser {
  readonly #options: PickleParserOptions;
  #machine: Machine;
  /** What is read now. */
  #bytes: Bytes | undefined;
  /** What comes after that. */
  #pending: Bytes | undefined;
  /** Where `#bytes` begin in the input. */
  #offset = 0;
  #gather: Gather | undefined;
  #begun = false;
  #ended = false;

  constructor(options: PickleParserOptions) {
    this.#options = options;
    this.#machine = this.#begin(0);
  }

  /** Takes a chunk in; all that `next` gives has to be taken before. */
  push(chunk: Bytes): void {
    if (chunk.length === 0) return;
    this.#pending = chunk;
  }

  /** There is nothing more to come. */
  end(): void {
    this.#ended = true;
  }

  /** The next value in brackets; `undefined` if that takes more bytes, or there is none. */
  next(): readonly unknown[] | undefined {
    while (this.#fill()) {
      const machine = this.#machine;
      const bytes = this.#bytes!;
      machine.origin = this.#offset;
      this.#begun = true;
      if (run(machine, bytes)) return [this.#take(bytes)];
      this.#keep(bytes.subarray(machine.at), machine.need);
    }
    if (this.#ended && this.#begun) throw this.#machine.truncated();
    return undefined;
  }

  /** Whether there is something to read now. */
  #fill(): boolean {
    if (this.#bytes) return true;
    const gather = this.#gather;
    if (!gather) {
      this.#bytes = this.#pending;
      this.#pending = undefined;
      return this.#bytes !== undefined;
    }
    if (this.#pending) this.#pending = gather.add(this.#pending);
    // At the end, less may be enough: how long a line is was only a guess.
    const isLast = this.#ended && gather.length > gather.tried;
    if (gather.length < gather.need && !isLast) return false;
    gather.tried = gather.length;
    this.#bytes = gather.take();
    this.#gather = undefined;
    return true;
  }

  #take(bytes: Bytes): unknown {
    const machine = this.#machine;
    const { at } = machine;
    const end = this.#offset + at;
    if (machine.frameEnd > end) {
      throw machine.error("a frame goes past the end of the pickle");
    }
    const value = resultOf(machine);
    this.#begun = false;
    this.#offset = end;
    this.#bytes = at < bytes.length ? bytes.subarray(at) : undefined;
    this.#machine = this.#begin(end);
    return value;
  }

  #begin(origin: number): Machine {
    const { globals = defaultGlobals } = this.#options;
    const machine = new Machine(this.#options, globals);
    machine.origin = origin;
    return machine;
  }

  /** Keeps the instruction that is cut. */
  #keep(rest: Bytes, need: number): void {
    const machine = this.#machine;
    const { maxItemBytes = 2 ** 31 } = this.#options;
    if (need > maxItemBytes) throw machine.limit("bytes", need, maxItemBytes);
    this.#offset += machine.at;
    machine.at = 0;
    this.#bytes = undefined;
    if (rest.length > 0) this.#gather = new Gather(rest, need);
  }
}

/** The bytes of one instruction: in pieces as long as there is little of it, then in a buffer of the right size. */
class Gather {
  readonly need: number;
  /** How many of them were not enough. */
  tried: number;
  length = 0;
  /** Before the instruction: so much that the items of an array in it are aligned, and can be had without a copy. */
  readonly #padding: number;
  #pieces: Bytes[] = [];
  #buffer: Bytes | undefined;

  constructor(rest: Bytes, need: number) {
    this.need = need;
    this.#padding = ALIGNMENT - (HEADERS.get(rest[0]!) ?? 0) % ALIGNMENT;
    this.tried = rest.length;
    this.add(rest);
  }

  /** Takes as much as is wanted of a chunk; what is left of it. */
  add(chunk: Bytes): Bytes | undefined {
    const wanted = Math.min(chunk.length, this.need - this.length);
    const part = chunk.subarray(0, wanted);
    if (this.#buffer) this.#buffer.set(part, this.length);
    else this.#pieces.push(part);
    this.length += wanted;
    if (this.need <= AT_ONCE || this.length >= this.need / 4) this.#allocate();
    return wanted < chunk.length ? chunk.subarray(wanted) : undefined;
  }

  /** Not before a part of it is there: a length alone must not make anybody allocate. */
  #allocate(): void {
    if (this.#buffer) return;
    const buffer = new ArrayBuffer(this.#padding + this.need);
    this.#buffer = new Uint8Array(buffer, this.#padding);
    let at = 0;
    for (const piece of this.#pieces) {
      this.#buffer.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
  }

  take(): Bytes {
    this.#allocate();
    return this.#buffer!.subarray(0, this.length);
  }
}
