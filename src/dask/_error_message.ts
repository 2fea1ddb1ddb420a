import type { Bytes, Message } from "../types.ts";
import { ToPickle } from "./values.ts";

const MAX_ERROR = 100_000;

/** The error family's header, which the receiver raises. */
export function errorMessage(text: string, cause: unknown): Message {
  const texts = cause === undefined ? [text] : [
    text,
    String(cause).slice(0, MAX_ERROR),
  ];
  const utf8 = new TextEncoder();
  return {
    header: { serializer: "error" },
    frames: texts.map((text) => utf8.encode(text) as Bytes),
  };
}

/** What Python would call the class of a value. */
export function nameOf(value: unknown): string {
  if (value instanceof ToPickle) return nameOf(value.data);
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return value.constructor?.name ?? "object";
}
