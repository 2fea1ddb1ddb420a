import type { Bytes } from "../src/types.ts";
import { ByteQueue } from "../src/bytes.ts";
import { FormatError, TruncatedError } from "../src/errors.ts";

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

/** Runs a grammar over chunks of any size; what the grammar emits goes out as it is found. */
export class ParserStream<Out> extends TransformStream<Bytes, Out> {
  constructor(
    stage: string,
    grammar: (emit: (out: Out) => void) => Grammar,
  ) {
    const queue = new ByteQueue();
    let parser: Grammar;
    let step: IteratorResult<number, void>;
    super({
      start(controller) {
        parser = grammar((out) => controller.enqueue(out));
        step = parser.next();
      },
      transform(chunk) {
        queue.push(chunk);
        while (!step.done && queue.length >= step.value) {
          step = parser.next(queue.take(step.value));
        }
        if (step.done && queue.length > 0) {
          throw new FormatError(stage, "there are bytes after the end", {
            offset: queue.offset,
          });
        }
      },
      flush() {
        if (!step.done && queue.length === 0) step = parser.next(null);
        if (!step.done) {
          throw new TruncatedError(stage, "the input ends too early", {
            offset: queue.offset + queue.length,
          });
        }
      },
    });
  }
}
