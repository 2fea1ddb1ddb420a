import type { Bytes } from "../src/types.ts";
import { ByteQueue } from "../src/bytes.ts";
import { FormatError, TruncatedError } from "../src/errors.ts";
import { type Puller, PullStream } from "./_pull_stream.ts";

/**
 * A grammar over bytes: it yields how many bytes it wants next and gets them, or `null` if the input ended cleanly just
 * there. It may return at the end of the input, or before: then nothing may follow.
 */
export type Grammar = Generator<number, void, Bytes | null>;

/** Runs a part of a grammar within which the input may not end. */
export function* insist<T>(
  stage: string,
  offset: number,
  part: Generator<number, T, Bytes>,
): Generator<number, T, Bytes | null> {
  let step = part.next();
  while (!step.done) {
    const bytes = yield step.value;
    if (bytes === null) {
      throw new TruncatedError(stage, "the stream has no end", { offset });
    }
    step = part.next(bytes);
  }
  return step.value;
}

/**
 * Runs a grammar over chunks of any size. It goes on only when it is asked to, so that what comes before damage in the
 * same chunk is delivered, and many small things in one chunk do not all stand around.
 *
 * @internal
 */
export class ParserStream<Out> extends PullStream<Bytes, Out> {
  constructor(
    stage: string,
    grammar: (emit: (out: Out) => void) => Grammar,
  ) {
    super(new GrammarPuller(stage, grammar));
  }
}

class GrammarPuller<Out> implements Puller<Bytes, Out> {
  readonly #queue = new ByteQueue();
  readonly #parser: Grammar;
  #step: IteratorResult<number, void>;
  #out: Out[] = [];
  #ended = false;

  constructor(
    readonly stage: string,
    grammar: (emit: (out: Out) => void) => Grammar,
  ) {
    this.#parser = grammar((out) => this.#out.push(out));
    this.#step = this.#parser.next();
  }

  push(chunk: Bytes): void {
    this.#queue.push(chunk);
  }

  end(): void {
    this.#ended = true;
  }

  next(): readonly Out[] | undefined {
    const queue = this.#queue;
    while (!this.#step.done && queue.length >= this.#step.value) {
      this.#step = this.#parser.next(queue.take(this.#step.value));
      if (this.#out.length > 0) return this.#take();
    }
    if (this.#step.done && queue.length > 0) {
      throw new FormatError(this.stage, "there are bytes after the end", {
        offset: queue.offset,
      });
    }
    if (this.#ended) this.#finish();
    return this.#out.length > 0 ? this.#take() : undefined;
  }

  #finish(): void {
    const queue = this.#queue;
    if (!this.#step.done && queue.length === 0) {
      this.#step = this.#parser.next(null);
    }
    if (this.#step.done) return;
    throw new TruncatedError(this.stage, "the input ends too early", {
      offset: queue.offset + queue.length,
    });
  }

  #take(): readonly Out[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}
