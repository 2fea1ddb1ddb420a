import {
  type PyException,
  PyFloat,
  PyInt,
  PyTuple,
} from "../pickle/values/mod.ts";
import { floatText, isInt } from "./number.ts";

/** Classes whose `str` is that of a failed system call. */
const SYSTEM =
  /^(?:OSError|IOError|EnvironmentError|(?:FileNotFound|FileExists|Permission|IsADirectory|NotADirectory|Connection(?:Refused|Reset|Aborted)?|BrokenPipe|Timeout|Interrupted|BlockingIO|ChildProcess|ProcessLookup)Error)$/;

/** Classes that Python cannot make of a message alone. */
export const NEEDS_MORE: ReadonlySet<string> = new Set([
  "builtins.UnicodeDecodeError",
  "builtins.UnicodeEncodeError",
  "builtins.UnicodeTranslateError",
  "builtins.ExceptionGroup",
  "builtins.BaseExceptionGroup",
  "json.decoder.JSONDecodeError",
  "subprocess.CalledProcessError",
  "subprocess.TimeoutExpired",
]);

/**
 * What Python's `str` says of an exception.
 *
 * @returns The text, `undefined` if it would need Python to tell.
 */
export function exceptionText(exception: PyException): string | undefined {
  const { args, module, name } = exception;
  if (args.length === 0) return "";
  if (module === "builtins" && SYSTEM.test(name) && args.length === 2) {
    return systemText(exception);
  }
  if (args.length > 1) return repr(PyTuple.from(args));
  return module === "builtins" && name === "KeyError"
    ? repr(args[0])
    : text(args[0]);
}

function systemText(exception: PyException): string | undefined {
  const [code, message] = exception.args.map(text);
  if (code === undefined || message === undefined) return undefined;
  // What the reader of pickles keeps apart from the arguments, as Python does.
  const { filename } = exception as { filename?: unknown };
  const file = filename === undefined ? "" : repr(filename);
  if (file === undefined) return undefined;
  return `[Errno ${code}] ${message}${file && `: ${file}`}`;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : repr(value);
}

/** What Python's `repr` says of plain data. */
function repr(value: unknown, depth = 20): string | undefined {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof PyInt) return String(value.value);
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (typeof value === "number") {
    return isInt(value) ? String(value) : floatRepr(value);
  }
  if (!Array.isArray(value) || depth === 0) return undefined;
  const items = Array.from(value, (item) => repr(item, depth - 1));
  if (items.includes(undefined)) return undefined;
  if (!(value instanceof PyTuple)) return `[${items.join(", ")}]`;
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/** Python's own words for what JSON calls `NaN` and `Infinity`. */
export function floatRepr(value: number): string {
  if (value !== value) return "nan";
  if (value - value !== 0) return value > 0 ? "inf" : "-inf";
  return floatText(value);
}

/** In single quotes, unless there are some inside and no double ones. */
function quoted(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of value) out += escaped(character, quote);
  return out + quote;
}

function escaped(character: string, quote: string): string {
  if (character === quote || character === "\\") return `\\${character}`;
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  if (short) return short;
  const point = character.codePointAt(0)!;
  // What Python does not call printable.
  if (!/[\p{C}\p{Z}]/u.test(character) || character === " ") return character;
  const hex = point.toString(16);
  if (point < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return point < 0x10000
    ? `\\u${hex.padStart(4, "0")}`
    : `\\U${hex.padStart(8, "0")}`;
}
