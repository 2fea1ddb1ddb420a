/** Collects values until they make a piece worth sending on. */
export interface Gatherer<T, Out> {
  /** How much stands collected, in bytes or close to it; 0 if nothing does. */
  readonly size: number;
  add(value: T): void;
  /** What stands collected; called only if `size` is not 0. */
  take(): Out;
  /** What belongs after the last piece, if anything. */
  end?(): Out | undefined;
}

/** When a collected piece is sent on. */
export interface GatherOptions {
  /** As soon as it has this many bytes. */
  readonly maxBytes: number;
  /** After this many milliseconds, however small it is, so that a slow source is not held back. */
  readonly maxDelay: number;
}

/**
 * The values of all chunks through a gatherer. `valuesOf` says which values a chunk holds: one, or a whole batch, which
 * saves a hop for each value.
 *
 * @internal
 */
export class GatherStream<In, T, Out> extends TransformStream<In, Out> {
  constructor(
    gatherer: Gatherer<T, Out>,
    valuesOf: (chunk: In) => Iterable<T>,
    { maxBytes, maxDelay }: GatherOptions,
  ) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = () => {
      clearTimeout(timer);
      timer = undefined;
    };
    // The types of the platform do not know the `cancel` of a transformer yet.
    const transformer: Transformer<In, Out> & { cancel(): void } = {
      transform(chunk, controller) {
        for (const value of valuesOf(chunk)) {
          gatherer.add(value);
          if (gatherer.size >= maxBytes) controller.enqueue(gatherer.take());
        }
        if (gatherer.size === 0) rest();
        else {
          timer ??= setTimeout(() => {
            timer = undefined;
            // A stream that was cancelled or has failed wants nothing more.
            if (gatherer.size > 0 && controller.desiredSize !== null) {
              controller.enqueue(gatherer.take());
            }
          }, maxDelay);
        }
      },
      flush(controller) {
        rest();
        if (gatherer.size > 0) controller.enqueue(gatherer.take());
        const end = gatherer.end?.();
        if (end !== undefined) controller.enqueue(end);
      },
      cancel: rest,
    };
    super(transformer);
  }
}

/** A chunk that is one value. */
export function one<T>(value: T): readonly T[] {
  return [value];
}

/** A chunk that is a batch of values. */
export function many<T>(batch: readonly T[]): readonly T[] {
  return batch;
}
