import type { Bytes } from "../../types.ts";
import type { Part } from "../input.ts";
import type { Bits } from "./bits.ts";
import { contexts } from "./contexts.ts";
import { wordOf } from "./dictionary.ts";
import { ADDED, distanceOf, extraOf, NEAR } from "./distances.ts";
import type { Blocks, Header } from "./header.ts";
import { entryOf } from "./prefix_codes.ts";
import {
  copyLengths,
  copyOf,
  IMPLICIT,
  insertLengths,
  insertOf,
  WINDOW_GAP,
} from "./ranges.ts";
import type { Ring } from "./ring.ts";

/** What the commands of a meta-block are read from, and work on. */
export interface State {
  readonly bits: Bits;
  readonly ring: Ring;
  readonly header: Header;
  /** The last four, the last of them last. */
  readonly distances: Int32Array;
  /** Its size in bytes. */
  readonly window: number;
  /** Bytes that the meta-block still comes to. */
  readonly left: number;
}

/** Why reading stopped: what has to be done before it can go on. */
type Stop = "input" | "full" | "end" | Blocks | Bytes;
type Phase = "command" | "literals" | "distance" | "copy";

/**
 * Reads commands: so many literals, and what they are followed by again. All reads that may want more input than there is are
 * tried, from bytes behind the end if need be, and taken back.
 */
export class Commands {
  readonly #state: State;
  #left: number;
  #phase: Phase = "command";
  #insert = 0;
  #copy = 0;
  #isImplicit = false;
  #distance = 0;

  constructor(state: State) {
    this.#state = state;
    this.#left = state.left;
  }

  *run(): Part<void> {
    const { bits, ring } = this.#state;
    const { input } = bits;
    for (;;) {
      const stop = this.#read();
      // Whole bytes go back.
      input.at -= bits.count >> 3;
      bits.count &= 7;
      bits.held &= (1 << bits.count) - 1;
      if (stop === "end") return;
      if (stop === "full") yield ring.flush();
      else if (stop === "input") {
        if (ring.pending > 0) yield ring.flush();
        else if (input.ended) throw input.truncated();
        else yield undefined;
      } else if (stop instanceof Uint8Array) yield* this.#putWord(stop);
      else yield* stop.next(bits);
    }
  }

  #read(): Stop {
    for (;;) {
      const stop = this.#step();
      if (stop) return stop;
    }
  }

  #step(): Stop | undefined {
    switch (this.#phase) {
      case "command":
        return this.#readCommand();
      case "literals":
        return this.#readLiterals();
      case "distance":
        return this.#readDistance();
      case "copy":
        return this.#repeat();
    }
  }

  #readCommand(): Stop | undefined {
    const { bits, header } = this.#state;
    const { commands } = header;
    if (commands.left === 0) return commands;
    const { input } = bits;
    const { bytes } = input;
    let { at } = input;
    let { held, count } = bits;
    for (; count <= 24; count += 8) held |= bytes[at++]! << count;
    const entry = entryOf(header.commandTables[commands.type]!, held);
    held >>>= entry & 31;
    count -= entry & 31;
    const symbol = entry >> 5;
    for (; count <= 24; count += 8) held |= bytes[at++]! << count;
    const [first, second] = [insertOf[symbol]!, copyOf[symbol]!];
    let extra = insertLengths.extra[first]!;
    const insert = insertLengths.base[first]! + (held & (1 << extra) - 1);
    held >>>= extra;
    count -= extra;
    for (; count <= 24; count += 8) held |= bytes[at++]! << count;
    extra = copyLengths.extra[second]!;
    const copy = copyLengths.base[second]! + (held & (1 << extra) - 1);
    held >>>= extra;
    count -= extra;
    if (at - (count >> 3) > input.end) return "input";
    input.at = at;
    bits.held = held;
    bits.count = count;
    commands.left--;
    if (insert > this.#left) throw this.#tooLong();
    this.#insert = insert;
    this.#copy = copy;
    this.#isImplicit = symbol < IMPLICIT;
    this.#phase = "literals";
    return undefined;
  }

  #readLiterals(): Stop | undefined {
    const { bits, ring, header } = this.#state;
    const { literals, literalTrees: { map, tables } } = header;
    const { input } = bits;
    const { bytes, end } = input;
    const out = ring.bytes;
    const mode = header.modes[literals.type]!;
    const first = literals.type << 6;
    const stop = Math.min(this.#insert, literals.left, ring.limit - ring.to);
    let { at } = input;
    let { held, count } = bits;
    let { to } = ring;
    const start = to;
    let last = ring.before(0);
    let before = ring.before(1);
    for (const full = to + stop; to < full;) {
      for (; count <= 24; count += 8) held |= bytes[at++]! << count;
      const context = contexts[mode + last]! | contexts[mode + 256 + before]!;
      const entry = entryOf(tables[map[first + context]!]!, held);
      const length = entry & 31;
      if (at - (count - length >> 3) > end) break;
      held >>>= length;
      count -= length;
      before = last;
      out[to++] = last = entry >> 5;
    }
    const done = to - start;
    input.at = at;
    bits.held = held;
    bits.count = count;
    ring.to = to;
    literals.left -= done;
    this.#insert -= done;
    this.#left -= done;
    if (done < stop) return "input";
    if (this.#insert > 0) return ring.to === ring.limit ? "full" : literals;
    if (this.#left === 0) return "end";
    this.#phase = "distance";
    return undefined;
  }

  #readDistance(): Stop | undefined {
    const { bits, ring, header, distances, window } = this.#state;
    const { distances: blocks, distanceTrees } = header;
    let symbol = 0;
    if (!this.#isImplicit) {
      if (blocks.left === 0) return blocks;
      const { input } = bits;
      const { bytes } = input;
      let { at } = input;
      let { held, count } = bits;
      for (; count <= 24; count += 8) held |= bytes[at++]! << count;
      const context = Math.min(this.#copy, 5) - 2;
      const tree = distanceTrees.map[(blocks.type << 2) + context]!;
      const entry = entryOf(distanceTrees.tables[tree]!, held);
      held >>>= entry & 31;
      count -= entry & 31;
      symbol = entry >> 5;
      for (; count <= 24; count += 8) held |= bytes[at++]! << count;
      const extra = extraOf(symbol, header);
      this.#distance = distanceOf(symbol, held & (1 << extra) - 1, header);
      held >>>= extra;
      count -= extra;
      if (at - (count >> 3) > input.end) return "input";
      input.at = at;
      bits.held = held;
      bits.count = count;
      blocks.left--;
    }
    if (symbol < 16) {
      this.#distance = distances[NEAR[symbol]!]! + ADDED[symbol]!;
    }
    const distance = this.#distance;
    const most = Math.min(window - WINDOW_GAP, ring.reach);
    if (distance <= 0) throw bits.refusal("a distance is not one");
    if (distance > most) {
      const word = wordOf(this.#copy, distance - most - 1);
      if (!word) throw bits.refusal("there is no such word");
      if (word.length > this.#left) throw this.#tooLong();
      return word;
    }
    if (symbol > 0) {
      distances.copyWithin(0, 1);
      distances[3] = distance;
    }
    if (this.#copy > this.#left) throw this.#tooLong();
    this.#phase = "copy";
    return undefined;
  }

  #repeat(): Stop | undefined {
    const { ring } = this.#state;
    while (this.#copy > 0) {
      if (ring.to === ring.limit) return "full";
      const count = ring.copy(this.#distance, this.#copy);
      this.#copy -= count;
      this.#left -= count;
    }
    this.#phase = "command";
    return this.#left === 0 ? "end" : undefined;
  }

  /** A word of the dictionary, in place of what is repeated. */
  *#putWord(word: Bytes): Part<void> {
    const { ring } = this.#state;
    for (const byte of word) {
      if (ring.to === ring.limit) yield ring.flush();
      ring.bytes[ring.to++] = byte;
    }
    this.#left -= word.length;
    this.#copy = 0;
    this.#phase = "copy";
  }

  #tooLong(): Error {
    return this.#state.bits.refusal("a command is longer than its block");
  }
}
