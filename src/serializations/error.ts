import type { Class, Serialization } from "../serialization.ts";
import { setKey } from "../tree/tags.ts";
import { listOf } from "./list.ts";

/** Options for {@linkcode errors}. */
export interface ErrorOptions {
  /** Send stacks too, which tell a stranger about your files and your code. @default {false} */
  readonly stack?: boolean;
}

const CLASSES = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
] as const;

/** What every error has; all other properties are the user's. */
const OWN = ["message", "cause", "errors", "name"] as const;
/**
 * Errors of the built-in classes, as a flat list of their own properties: `message`, `cause`, a list of `errors`, a `name`
 * that differs from the class's, and all others that can be enumerated.
 *
 * @param options Whether stacks are sent.
 */
export function errors(
  { stack = false }: ErrorOptions = {},
): readonly Serialization<Error>[] {
  return CLASSES.map((type) => errorOf(type as unknown as Class<Error>, stack));
}

function errorOf(type: Class<Error>, stack: boolean): Serialization<Error> {
  const begin = (): Error =>
    type.name === "AggregateError"
      ? new AggregateError([])
      : new (type as unknown as ErrorConstructor)();
  return {
    type: type.name!,
    class: type,
    exact: true,
    create: begin,
    serialize(error) {
      const header: unknown[] = [];
      const keys = new Set([...OWN, ...Object.keys(error)]);
      if (stack) keys.add("stack");
      else keys.delete("stack");
      for (const key of keys) {
        if (Object.hasOwn(error, key)) header.push(key, error[key as "name"]);
      }
      return { header };
    },
    deserialize({ header }, error = begin()) {
      const list = listOf(header, "properties", 2);
      // It came from elsewhere: where it is put together says nothing.
      delete error.stack;
      for (let i = 0; i < list.length; i += 2) {
        const [key, value] = [list[i], list[i + 1]];
        if (typeof key !== "string") throw new TypeError("a key is not text");
        if (isHidden(key)) hide(error, key, value);
        else setKey(error, key, value);
      }
      if (!Object.hasOwn(error, "stack")) {
        hide(error, "stack", headline(error));
      }
      return error;
    },
  };
}

/** As a stack begins. A name that is no text may take forever to become that, so it is not tried. */
function headline({ name, message }: Error): string {
  const show = (part: unknown) => typeof part === "string" ? part : "?";
  return `${show(name)}: ${show(message)}`;
}

/** The language makes these so that they are not enumerated. */
function isHidden(key: string): boolean {
  return key === "message" || key === "cause" || key === "errors" ||
    key === "stack";
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
