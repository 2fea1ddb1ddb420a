/** What a {@linkcode PyException} holds, apart from its class. */
export interface PyExceptionParts {
  /** The arguments. @default {[]} */
  readonly args?: readonly unknown[] | undefined;
  /** Attributes that were set on it, `__notes__` among them. */
  readonly attributes?: ReadonlyMap<string, unknown> | undefined;
  /** The exception that it was raised from. */
  readonly cause?: unknown;
  /** The exception during whose handling it was raised. */
  readonly context?: unknown;
  /** The traceback, as `tblib` writes it. */
  readonly traceback?: unknown;
}

const NO_ATTRIBUTES: ReadonlyMap<string, unknown> = new Map();

/**
 * A Python exception: an `Error` with the name of its class and all its arguments.
 *
 * @example
 * ```ts
 * import { dumps, loads, PyException } from "@brine/brine/pickle";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const error = loads(dumps(new PyException("builtins", "ValueError", { args: ["bad", 1] }))) as PyException;
 * equal(error.name, "ValueError");
 * deepEqual(error.args, ["bad", 1]);
 * ```
 */
export class PyException extends Error {
  /** The module of the class. */
  readonly module: string;
  /** The qualified name of the class. */
  override readonly name: string;
  /** What it was raised with. */
  readonly args: readonly unknown[];
  /** Attributes that were set on it, `__notes__` among them. */
  readonly attributes: ReadonlyMap<string, unknown>;
  /** The exception during whose handling it was raised. */
  readonly context: unknown;
  /** The traceback, as `tblib` writes it. */
  readonly traceback: unknown;

  /**
   * Makes one of its parts.
   *
   * @param module The module of the class.
   * @param name The qualified name of the class.
   * @param parts What it holds.
   */
  constructor(module: string, name: string, parts: PyExceptionParts = {}) {
    const { args = [], cause } = parts;
    super(
      messageOf(args),
      cause === undefined || cause === null ? undefined : { cause },
    );
    this.module = module;
    this.name = name;
    this.args = args;
    this.attributes = parts.attributes ?? NO_ATTRIBUTES;
    this.context = parts.context;
    this.traceback = parts.traceback;
  }
}

/** What Python's `str` gives for one argument that is text; of several, those that are simple. */
function messageOf(args: readonly unknown[]): string {
  if (args.length > 8) return `${args.length} arguments`;
  const [first] = args;
  if (args.length === 1 && typeof first === "string") return first;
  return args.map(shortOf).join(", ");
}

/** Not long, whatever it is: there may be many exceptions with the same argument. */
function shortOf(arg: unknown): string {
  switch (typeof arg) {
    case "string":
      return arg.length > 200 ? `${arg.slice(0, 199)}…` : arg;
    case "bigint":
      return BigInt.asIntN(64, arg) === arg ? String(arg) : "…";
    case "number":
    case "boolean":
      return String(arg);
    default:
      return arg === null ? "None" : "…";
  }
}
