/** What is not there yet when it is sent, or not at hand: only `serializeLive()` brings it over. */
export type LiveKind =
  | "Promise"
  | "AsyncIterable"
  | "ReadableStream"
  | "Blob"
  | "File";

/** Which of these a value is, of which nothing else is known. */
export function liveKindOf(value: unknown): LiveKind | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof File === "function" && value instanceof File) return "File";
  if (typeof Blob === "function" && value instanceof Blob) return "Blob";
  // Before what can be iterated: it is that as well, where the runtime has it.
  if (value instanceof ReadableStream) return "ReadableStream";
  if (isFunction(value, "then")) return "Promise";
  return isFunction(value, Symbol.asyncIterator) ? "AsyncIterable" : undefined;
}

function isFunction(value: object, key: PropertyKey): boolean {
  return typeof (value as Record<PropertyKey, unknown>)[key] === "function";
}
