import { PyException } from "./values/exception.ts";
import { named, type Plan, type Reducer } from "./write_plan.ts";

/** What Python calls the errors of JavaScript. */
export const ERROR_NAMES:
  readonly (readonly [{ readonly prototype: object }, string])[] = [
    [TypeError, "TypeError"],
    [RangeError, "ValueError"],
    [SyntaxError, "SyntaxError"],
    [ReferenceError, "NameError"],
    [URIError, "ValueError"],
    [EvalError, "RuntimeError"],
    [Error, "Exception"],
  ];

/** Exceptions and errors, each by its class. */
export const errorReducers: readonly Reducer[] = [
  [PyException, ofException],
  [AggregateError, (error: AggregateError) =>
    ofError(error, "ExceptionGroup", [
      error.message,
      error.errors.map((part) =>
        part instanceof Error ? part : new Error(String(part))
      ),
    ])],
  ...ERROR_NAMES.map(([type, name]): Reducer => [
    type,
    (error: Error) => ofError(error, name, [error.message]),
  ]),
];

function ofException(exception: PyException): Plan {
  const { module, name, args, cause, context } = exception;
  const state = new Map(exception.attributes);
  if (cause !== undefined) state.set("__cause__", cause);
  if (context !== undefined && context !== null) {
    state.set("__context__", context);
  }
  return { call: named(module, name), args, state: stateOf(state) };
}

/** What `raise … from` sets in Python is set by name: `BaseException` takes its state so. */
function ofError(error: Error, name: string, args: unknown[]): Plan {
  const state = new Map<string, unknown>(Object.entries(error));
  const { cause } = error;
  if (cause !== undefined) {
    state.set(cause instanceof Error ? "__cause__" : "cause", cause);
  }
  return { call: named("builtins", name), args, state: stateOf(state) };
}

function stateOf(state: ReadonlyMap<string, unknown>): unknown {
  return state.size > 0 ? state : undefined;
}
