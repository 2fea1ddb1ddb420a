import type {
  PickleArguments,
  PickleClass,
  PickleGlobals,
} from "../globals.ts";
import { PyException } from "../values/exception.ts";
import { PyGlobal } from "../values/object.ts";
import { Refusal } from "./_refusal.ts";
import { dictOf } from "./_state.ts";

const NAMES = `ArithmeticError AssertionError AttributeError BaseException
  BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning
  ChildProcessError ConnectionAbortedError ConnectionError
  ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError
  EncodingWarning Exception ExceptionGroup FileExistsError FileNotFoundError
  FloatingPointError FutureWarning GeneratorExit ImportError ImportWarning
  IndentationError IndexError InterruptedError IsADirectoryError KeyError
  KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError
  NotADirectoryError NotImplementedError OSError OverflowError
  PendingDeprecationWarning PermissionError ProcessLookupError
  PythonFinalizationError RecursionError ReferenceError ResourceWarning
  RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError
  SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError
  UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
  UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning
  ZeroDivisionError`.split(/\s+/);

/** What `OSError` becomes by the first of its arguments, with the numbers of Linux. */
const BY_NUMBER: ReadonlyMap<unknown, string> = new Map([
  [1, "PermissionError"],
  [2, "FileNotFoundError"],
  [3, "ProcessLookupError"],
  [4, "InterruptedError"],
  [10, "ChildProcessError"],
  [11, "BlockingIOError"],
  [13, "PermissionError"],
  [17, "FileExistsError"],
  [20, "NotADirectoryError"],
  [21, "IsADirectoryError"],
  [32, "BrokenPipeError"],
  [103, "ConnectionAbortedError"],
  [104, "ConnectionResetError"],
  [108, "BrokenPipeError"],
  [110, "TimeoutError"],
  [111, "ConnectionRefusedError"],
  [114, "BlockingIOError"],
  [115, "BlockingIOError"],
]);

/** Those that are kinds of `OSError`, which keeps file names apart from its arguments. */
const OS_ERRORS: ReadonlySet<string> = new Set([
  ...BY_NUMBER.values(),
  "OSError",
  "ConnectionError",
]);

/** Python's own exceptions, and the form in which `tblib` keeps causes and tracebacks. */
export function addExceptions(globals: PickleGlobals): void {
  for (const name of NAMES) {
    globals.add("builtins", name, exceptionClass("builtins", name));
  }
  // Aliases, as which they may be named.
  const alias = exceptionClass("builtins", "OSError");
  for (const name of ["IOError", "EnvironmentError"]) {
    globals.add("builtins", name, alias);
  }
  for (const module of ["tblib.pickling_support", "tblib"]) {
    const set = setAttributes;
    globals.add(module, "unpickle_exception", {
      call: unpickle,
      setState: set,
    });
    globals.add(module, "unpickle_exception_with_attrs", {
      call: withAttrs,
      setState: set,
    });
    globals.add(module, "unpickle_traceback");
    for (const name of ["Traceback", "Frame", "Code"]) {
      globals.add(module, name);
    }
  }
}

/**
 * What an exception of one's own stands for.
 *
 * @param module The module of the class.
 * @param name The qualified name of the class.
 * @returns What to add to the globals under that name.
 *
 * @example
 * ```ts
 * import { defaultGlobals, exceptionClass, loads, PickleGlobals } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * const globals = new PickleGlobals(defaultGlobals)
 *   .add("app", "AppError", exceptionClass("app", "AppError"));
 * const pickle = new TextEncoder().encode("capp\nAppError\n(Vno\ntR.");
 * equal((loads(pickle, { globals }) as Error).message, "no");
 * ```
 */
export function exceptionClass(module: string, name: string): PickleClass {
  const isOs = module === "builtins" && OS_ERRORS.has(name);
  return {
    call: (args) =>
      withoutStack(() =>
        isOs ? osError(name, args) : new PyException(module, name, { args })
      ),
    setState: setAttributes,
  };
}

/** Where in JavaScript an exception of Python was made is of no interest, and costs more than all the rest of it. */
function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** What BUILD does to an exception. */
export function setAttributes(error: PyException, state: unknown): void {
  if (state === null) return;
  const attributes = new Map([...error.attributes, ...dictOf(state)]);
  Object.assign(error, { attributes });
}

function osError(name: string, args: PickleArguments): PyException {
  if (args.length < 2 || args.length > 5) {
    return new PyException("builtins", name, { args });
  }
  const exact = name === "OSError" ? BY_NUMBER.get(args[0]) ?? name : name;
  const [number, text, filename, , filename2] = args;
  const error = new PyException("builtins", exact, { args: [number, text] });
  const names = { filename, filename2 };
  for (const [key, value] of Object.entries(names)) {
    if (value === undefined || value === null) continue;
    Object.assign(error, { [key]: value });
  }
  return error;
}

/** `(class or function, args, cause, traceback, context, suppress context, notes)`. */
function unpickle(args: PickleArguments): unknown {
  const [type, list, cause, traceback, context, , notes] = args;
  if (!(type instanceof PyGlobal) || !Array.isArray(list)) {
    return new Refusal();
  }
  const attributes = new Map<string, unknown>();
  if (Array.isArray(notes)) attributes.set("__notes__", notes);
  return withoutStack(() =>
    new PyException(type.module, type.name, {
      args: Array.from(list),
      cause,
      context: context ?? undefined,
      traceback: traceback ?? undefined,
      attributes,
    })
  );
}

/** `(class, attributes, cause, traceback, context, suppress context, notes, args)`. */
function withAttrs(args: PickleArguments): unknown {
  const [type, given, cause, traceback, context, , notes, list = []] = args;
  const attrs = dictOf(given);
  const made = unpickle([
    type,
    attrs.get("args") ?? list,
    cause,
    traceback,
    context,
    false,
    notes,
  ]);
  if (made instanceof PyException) {
    setAttributes(made, attrs.get("__dict__") ?? null);
  }
  return made;
}
