import { Input, type NewCoder, type Steps } from "../src/codecs/input.ts";
import type { Bytes } from "../src/types.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";

/** Input is handed on in pieces of this size, however large the chunks are. */
const PIECE = 1 << 14;
/**
 * Milliseconds of work, after which whatever else waits has its turn: that nobody wants the rest any more, for one. All
 * coders that work share them.
 */
const TURN = 5;
/** Coders that let others have their turn just now. */
let waiting = 0;

/** Where there is `setImmediate`, it waits no longer than for what has come in the meantime. */
const { setImmediate: soon = setTimeout } = globalThis as {
  setImmediate?: (callback: () => void) => unknown;
};

/**
 * Bytes through a coder written in steps. It goes on only when its reader wants more, so that a small chunk which becomes
 * a gigabyte does so at the pace of the reader.
 */
export class StepsStream extends PullStream<Bytes, Bytes> {
  /**
   * @param stage For errors.
   * @param load Gets the coder: its module is loaded when the first bytes come.
   */
  constructor(stage: string, load: () => Promise<NewCoder>) {
    super(new StepsPuller(stage, load));
  }
}

class StepsPuller implements Puller<Bytes, Bytes> {
  readonly #input: Input;
  readonly #load: () => Promise<NewCoder>;
  #steps: Steps | undefined;
  #chunk: Bytes | undefined;
  #at = 0;
  #ended = false;
  /** When others are to have their turn. */
  #until = 0;

  constructor(stage: string, load: () => Promise<NewCoder>) {
    this.#input = new Input(stage);
    this.#load = load;
  }

  push(chunk: Bytes): void {
    if (!(chunk instanceof Uint8Array)) {
      throw new TypeError(`Cannot code ${typeof chunk}: chunks are Uint8Array`);
    }
    this.#chunk = chunk;
    this.#at = 0;
  }

  end(): void {
    this.#ended = true;
  }

  next(): readonly Bytes[] | undefined | Promise<readonly Bytes[] | undefined> {
    if (this.#steps) return this.#run();
    if (!this.#chunk && !this.#ended) return undefined;
    return this.#load().then((coder) => {
      this.#steps = coder(this.#input);
      return this.#run();
    });
  }

  #run(): readonly Bytes[] | undefined | Promise<readonly Bytes[] | undefined> {
    for (;;) {
      if (performance.now() > this.#until) return this.#wait();
      // Gone, if it was cancelled while others had their turn.
      const { done, value } = this.#steps?.next() ?? { done: true };
      if (value) {
        if (value.length > 0) return [value];
      } else if (done || !this.#feed()) return undefined;
    }
  }

  async #wait(): Promise<readonly Bytes[] | undefined> {
    waiting++;
    await new Promise<void>((resolve) => void soon(resolve));
    this.#until = performance.now() + TURN / waiting--;
    return this.#run();
  }

  /** Gives the coder more input, or says that there is none; if neither can be told, nothing happens. */
  #feed(): boolean {
    const chunk = this.#chunk;
    if (chunk) {
      this.#input.push(chunk.subarray(this.#at, this.#at += PIECE));
      if (this.#at >= chunk.length) this.#chunk = undefined;
      return true;
    }
    if (this.#ended) this.#input.ended = true;
    return this.#ended;
  }

  cancel(): void {
    this.#chunk = this.#steps = undefined;
    this.#ended = false;
  }
}
