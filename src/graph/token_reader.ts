import { told } from "../told.ts";
import type { Bytes } from "../types.ts";
import type { Fail } from "./definitions.ts";
import type { TokenSource } from "./layout.ts";

const NONE: readonly Bytes[] = [];

/** Takes tokens for what they have to be. */
export class TokenReader {
  readonly #tokens: TokenSource;
  readonly #fail: Fail;

  constructor(tokens: TokenSource, fail: Fail) {
    this.#tokens = tokens;
    this.#fail = fail;
  }

  /** Any token. */
  next(): unknown {
    return this.#tokens.next();
  }

  primitive(): unknown {
    const token = this.#tokens.next();
    if (typeof token === "number" || typeof token === "string") return token;
    // Others may write any number as an integer of 64 bits.
    if (typeof token === "bigint") return Number(token);
    if (typeof token === "object" && token !== null) {
      this.#fail("a token is no plain primitive");
    }
    return token;
  }

  /** How many tokens follow, at the least. */
  count(): number {
    const count = this.#tokens.next() as number;
    if (
      !Number.isSafeInteger(count) || count < 0 || count > this.#tokens.left
    ) this.#fail(`${told(count)} tokens cannot follow`);
    return count;
  }

  /** An array of primitives, from its length on. */
  primitives(): unknown[] {
    const list: unknown[] = [];
    const count = this.count();
    for (let i = 0; i < count; i++) list.push(this.primitive());
    return list;
  }

  /** The frames of a value that has some. */
  frames(has: boolean, take: (name: unknown) => Bytes): readonly Bytes[] {
    if (!has) return NONE;
    const frames: Bytes[] = [];
    const count = this.count();
    for (let i = 0; i < count; i++) frames.push(take(this.#tokens.next()));
    return frames;
  }

  /** After the value. */
  end(): void {
    if (this.#tokens.left > 0) this.#fail("tokens follow the value");
  }
}
