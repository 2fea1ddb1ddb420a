/// <reference lib="dom" />
import type { Tone } from "../protocol.ts";

/** What is shown of a value, and what is in it. */
export interface Described {
  readonly type: string;
  readonly preview: string;
  readonly tone: Tone;
  /** How many entries it has. */
  readonly count?: number;
  /** One of them. */
  readonly at?: (index: number) => readonly [key: string, value: unknown];
}

/** Describes the values that it knows. */
export type Describer = (value: object) => Described | undefined;

/** Those that are loaded later: of Python's values. */
export const describers: Describer[] = [];

/** Letters of a preview. */
const LONGEST = 160;

/** What is shown of any value. */
export function describe(value: unknown): Described {
  switch (typeof value) {
    case "string":
      return { type: "text", preview: quoted(value), tone: "text" };
    case "number":
      return {
        type: "number",
        preview: Object.is(value, -0) ? "-0" : String(value),
        tone: "number",
      };
    case "bigint":
      return {
        type: "bigint",
        preview: `${cut(String(value))}n`,
        tone: "number",
      };
    case "object":
      if (value !== null) return describeObject(value);
  }
  const type = value === null ? "null" : typeof value;
  return { type, preview: cut(String(value)), tone: "literal" };
}

function describeObject(value: object): Described {
  for (const each of describers) {
    const described = each(value);
    if (described) return described;
  }
  return describeBuiltin(value) ?? describeBytes(value) ?? describePlain(value);
}

/** A list of things. */
export function listOf(
  type: string,
  count: number,
  item: (index: number) => unknown,
  keyOf: (index: number) => string = String,
): Described {
  const shown = Array.from(
    { length: Math.min(count, 8) },
    (_, i) => short(item(i)),
  );
  const preview = cut(`${shown.join(", ")}${count > 8 ? ", …" : ""}`, 100);
  return {
    type,
    preview: `[${preview}]`,
    tone: "array",
    count,
    at: (index) => [keyOf(index), item(index)],
  };
}

/** A thing with named parts. */
export function partsOf(
  type: string,
  parts: readonly (readonly [string, unknown])[],
  preview?: string,
  tone: Tone = "object",
): Described {
  const shown = parts.slice(0, 6).map(([key, value]) =>
    `${key}: ${short(value)}`
  );
  const text = cut(`${shown.join(", ")}${parts.length > 6 ? ", …" : ""}`, 100);
  return {
    type,
    preview: preview ?? `{${text}}`,
    tone,
    count: parts.length,
    at: (index) => parts[index]!,
  };
}

function describeBuiltin(value: object): Described | undefined {
  const { name } = value.constructor ?? { name: "" };
  if (value instanceof Date) {
    const isValid = !Number.isNaN(value.getTime());
    return {
      type: "Date",
      preview: isValid ? value.toISOString() : "Invalid Date",
      tone: "time",
    };
  }
  if (Array.isArray(value)) {
    const type = `${name || "Array"}(${value.length})`;
    return listOf(type, value.length, (i) => value[i]);
  }
  if (value instanceof Map) {
    const entries = [...value];
    return entries.every(([key]) => typeof key === "string")
      ? partsOf(`Map(${value.size})`, entries as [string, unknown][])
      : partsOf(
        `Map(${value.size})`,
        entries.map(([key, item]) => [short(key), item]),
      );
  }
  if (value instanceof Set) {
    const items = [...value];
    return listOf(`${name}(${items.length})`, items.length, (i) => items[i]);
  }
  if (value instanceof Error) return describeError(value);
  if (
    value instanceof RegExp || value instanceof URL ||
    value instanceof URLSearchParams
  ) {
    return { type: name, preview: cut(String(value)), tone: "text" };
  }
  if (
    value instanceof Boolean || value instanceof Number ||
    value instanceof String
  ) {
    return { ...describe(value.valueOf()), type: name };
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag.startsWith("Temporal.")) {
    return { type: tag, preview: String(value), tone: "time" };
  }
  if (value instanceof Headers || value instanceof FormData) {
    return partsOf(tag, [...(value as FormData)]);
  }
  return undefined;
}

function describeError(error: Error): Described {
  const { name, message, cause, stack: _, ...rest } = error as
    & Error
    & Record<string, unknown>;
  const parts: [string, unknown][] = [
    ["message", message],
    ...Object.entries(rest),
  ];
  if (cause !== undefined) parts.push(["cause", cause]);
  if (error instanceof AggregateError) parts.push(["errors", error.errors]);
  return partsOf(name, parts, cut(message), "error");
}

function describeBytes(value: object): Described | undefined {
  if (value instanceof Blob) {
    return {
      type: value.constructor.name,
      preview: `${value.size} bytes ${value.type}`,
      tone: "bytes",
    };
  }
  if (value instanceof ArrayBuffer) {
    const described = describeBytes(new Uint8Array(value))!;
    return { ...described, type: `ArrayBuffer(${value.byteLength})` };
  }
  if (value instanceof DataView) {
    const { buffer, byteOffset, byteLength } = value;
    const described = describeBytes(
      new Uint8Array(buffer, byteOffset, byteLength),
    )!;
    return { ...described, type: `DataView(${byteLength})` };
  }
  if (!ArrayBuffer.isView(value)) return undefined;
  const items = value as Uint8Array;
  const described = listOf(
    `${value.constructor.name}(${items.length})`,
    items.length,
    (i) => items[i],
  );
  return { ...described, tone: "bytes" };
}

function describePlain(value: object): Described {
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || prototype === Object.prototype;
  const own = value.constructor?.name ?? "";
  // Of classes of this page, the bundler may have left a letter or two.
  const name = isPlain || own.length < 3 ? "Object" : own;
  const keys = Object.keys(value);
  return partsOf(
    `${name}(${keys.length})`,
    keys.map((key) => [key, (value as Record<string, unknown>)[key]]),
  );
}

/** A few letters for a value within another. */
export function short(value: unknown): string {
  if (typeof value === "string") return quoted(value, 24);
  if (typeof value !== "object" || value === null) {
    return describe(value).preview.slice(0, 24);
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : `[… ${value.length}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return "{…}";
  const { type, preview, count } = describeObject(value);
  return count === undefined ? cut(preview, 32) : type;
}

/** What stands in a cell. */
export function cell(value: unknown): string {
  if (typeof value === "string") return cut(value, 80);
  if (value === undefined) return "";
  return typeof value === "object" && value !== null
    ? short(value)
    : cut(describe(value).preview, 80);
}

function quoted(text: string, length = LONGEST): string {
  return JSON.stringify(cut(text, length));
}

/** Text that is not too long to be shown. */
export function cut(text: string, length: number = LONGEST): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
