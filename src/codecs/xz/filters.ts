import type { Bytes } from "../../types.ts";
import { BRANCH_FILTERS, type Convert } from "./branches.ts";
import { u32 } from "../input.ts";

/** A filter at work, on bytes that are ours to change. */
export interface Filter {
  /** Undoes the filter; what it cannot undo yet is held back. */
  push(bytes: Bytes): Bytes;
  /** What was held back. */
  end(): Bytes;
}

const DELTA = 3;
const NOTHING: Bytes = new Uint8Array(0);

/** The filter of a number and its properties; `undefined` if there is none such. */
export function filterOf(id: number, props: Bytes): Filter | undefined {
  if (id === DELTA) {
    return props.length === 1 ? new Delta(props[0]! + 1) : undefined;
  }
  const branch = BRANCH_FILTERS.get(id);
  if (!branch || props.length !== 0 && props.length !== 4) return undefined;
  const start = props.length === 4 ? u32(props, 0) : 0;
  return start % branch.alignment === 0
    ? new Branches(branch.start(), start)
    : undefined;
}

/** Each byte was written as the difference to the one some way before it. */
class Delta implements Filter {
  readonly #history: Uint8Array;
  #at = 0;

  constructor(distance: number) {
    this.#history = new Uint8Array(distance);
  }

  push(bytes: Bytes): Bytes {
    const history = this.#history;
    let at = this.#at;
    for (let i = 0; i < bytes.length; i++) {
      history[at] = bytes[i] = bytes[i]! + history[at]!;
      if (++at === history.length) at = 0;
    }
    this.#at = at;
    return bytes;
  }

  end(): Bytes {
    return NOTHING;
  }
}

/** Addresses in machine code were written as absolute ones. */
class Branches implements Filter {
  readonly #convert: Convert;
  #position: number;
  #rest = NOTHING;

  constructor(convert: Convert, start: number) {
    this.#convert = convert;
    this.#position = start;
  }

  push(bytes: Bytes): Bytes {
    let whole = bytes;
    if (this.#rest.length > 0) {
      whole = new Uint8Array(this.#rest.length + bytes.length);
      whole.set(this.#rest);
      whole.set(bytes, this.#rest.length);
    }
    const done = this.#convert(whole, this.#position);
    this.#position = this.#position + done >>> 0;
    this.#rest = whole.slice(done);
    return whole.subarray(0, done);
  }

  end(): Bytes {
    return this.#rest;
  }
}
