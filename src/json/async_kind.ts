/** How a value is waited for: once, or item by item; not at all, if `undefined`. */
export function asyncKindOf(value: object): "promise" | "items" | undefined {
  const { then, getReader } = value as { then?: unknown; getReader?: unknown };
  if (typeof then === "function") return "promise";
  return typeof getReader === "function" || Symbol.asyncIterator in value
    ? "items"
    : undefined;
}
