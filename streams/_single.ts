import { SerializeError } from "../src/errors.ts";
import type { Stage } from "./stage.ts";

/**
 * Batches of one value in all, to that value, and back. It waits for the end, so that a second value is refused before
 * anything is written.
 */
export function single<T>(): Stage<readonly T[], T> {
  return {
    name: "single",
    encoder: () => {
      const held: T[] = [];
      return new TransformStream({
        transform(batch) {
          held.push(...batch.slice(0, 2));
          if (held.length <= 1) return;
          throw new SerializeError("JSON text holds one value, not more", "$");
        },
        flush(controller) {
          if (held.length > 0) controller.enqueue(held[0]!);
        },
      });
    },
    decoder: () =>
      new TransformStream({
        transform: (value, controller) => controller.enqueue([value]),
      }),
  };
}
