import { FormatError } from "../errors.ts";

/** What `dumps_kwargs` say. */
export interface JsonFormat {
  /** What a level of indentation is; `undefined` for all in one line. */
  readonly indent: string | undefined;
  /** What stands between two items: `", "`. */
  readonly itemSeparator: string;
  /** What stands between a key and its value: `": "`. */
  readonly keySeparator: string;
  /** Whether what is not ASCII is escaped. */
  readonly ensureAscii: boolean;
  /** Whether `NaN` and the infinities may be written. */
  readonly allowNan: boolean;
  /** Whether keys are put in order. */
  readonly sortKeys: boolean;
  /** Whether keys that JSON has no text for are left out. */
  readonly skipKeys: boolean;
}

/** Named arguments of a function of Python. */
export type Keywords = Readonly<Record<string, unknown>>;

const NAMES = new Set([
  "skipkeys",
  "ensure_ascii",
  "check_circular",
  "allow_nan",
  "cls",
  "indent",
  "separators",
  "sort_keys",
]);

/** The format of Python's `json.dumps(**kwargs)`. */
export function pythonFormat(kwargs: Keywords): JsonFormat {
  for (const name of Object.keys(kwargs)) {
    const known = NAMES.has(name) && (name !== "cls" || kwargs[name] === null);
    if (!known) throw unexpected("JSONEncoder.__init__()", name);
  }
  const indent = indentOf(kwargs.indent);
  const [itemSeparator, keySeparator] = separatorsOf(kwargs.separators) ??
    [indent === undefined ? ", " : ",", ": "];
  return {
    indent,
    itemSeparator,
    keySeparator,
    ensureAscii: truth(kwargs.ensure_ascii, true),
    allowNan: truth(kwargs.allow_nan, true),
    sortKeys: truth(kwargs.sort_keys, false),
    skipKeys: truth(kwargs.skipkeys, false),
  };
}

/** What Python says of an argument that a function does not have. */
export function unexpected(where: string, name: string): FormatError {
  const message = `${where} got an unexpected keyword argument '${name}'`;
  return new FormatError("serializer", message);
}

function truth(value: unknown, otherwise: boolean): boolean {
  return value === undefined ? otherwise : Boolean(value);
}

function indentOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  const spaces = Number(value);
  if (!Number.isInteger(spaces) || spaces > 1000) {
    throw new FormatError("serializer", "`indent` is no number of spaces");
  }
  return " ".repeat(Math.max(0, spaces));
}

function separatorsOf(value: unknown): [string, string] | undefined {
  if (value === undefined || value === null) return undefined;
  const isPair = Array.isArray(value) && value.length === 2 &&
    value.every((each) => typeof each === "string");
  if (!isPair) {
    throw new FormatError("serializer", "`separators` are not two texts");
  }
  return value as [string, string];
}
