/**
 * A check of what comes in.
 *
 * @module
 */
import { FormatError } from "../src/errors.ts";
import { describe, type StandardSchema } from "../src/schema.ts";
import type { Stage } from "./stage.ts";

const STAGE = "validate";

/**
 * Values that a schema has checked: what a reader gets is what the schema makes of it. What a writer gives passes as it is.
 *
 * @typeParam T What the schema says its values are.
 * @param schema A schema of any library that speaks {@link https://standardschema.dev Standard Schema}: zod, valibot,
 * arktype and others. It may be asynchronous.
 * @returns A stage from values to values, named `validate`. Its decoder fails with {@linkcode FormatError}, with the path
 * of what is wrong and the number of the value in the message.
 *
 * @example
 * ```ts
 * import { dumps, FormatError, loads, messages, pipe, type StandardSchema, validate } from "@brine/brine";
 * import { equal, rejects } from "node:assert/strict";
 *
 * // With zod, it would be: const port = z.number().int();
 * const port: StandardSchema<number> = {
 *   "~standard": {
 *     version: 1,
 *     vendor: "example",
 *     validate: (value) =>
 *       Number.isInteger(value) ? { value: value as number } : { issues: [{ message: "no integer" }] },
 *   },
 * };
 * const ports = pipe(validate(port), messages<number>());
 * equal(await loads(await dumps(8080, ports), ports), 8080);
 * await rejects(loads(await dumps(0.5, ports), ports), FormatError);
 * ```
 */
export function validate<T>(schema: StandardSchema<T>): Stage<T, T> {
  return {
    name: STAGE,
    encoder: () => new TransformStream<T, T>(),
    decoder() {
      let index = 0;
      return new TransformStream<T, T>({
        async transform(value, controller) {
          const result = await schema["~standard"].validate(value);
          if (result.issues) {
            const { message, path } = describe(result.issues);
            throw new FormatError(STAGE, `value ${index}: ${message}`, {
              path,
            });
          }
          index++;
          controller.enqueue(result.value);
        },
      });
    },
  };
}
