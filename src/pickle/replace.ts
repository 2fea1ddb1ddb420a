/**
 * Puts what dicts became in the place of what they were, wherever that was taken before the first key told. No pickle
 * that Python writes needs it, so it is simple: a walk of everything, on a stack of its own.
 */
export function replaceAll(
  root: unknown,
  replaced: ReadonlyMap<object, object>,
): unknown {
  const current = (value: unknown) =>
    typeof value === "object" && value !== null
      ? replaced.get(value) ?? value
      : value;
  const start = current(root);
  const seen = new Set<unknown>([start]);
  const waiting: unknown[] = [start];
  const visit = (value: unknown): unknown => {
    const now = current(value);
    if (typeof now === "object" && now !== null && !seen.has(now)) {
      seen.add(now);
      waiting.push(now);
    }
    return now;
  };
  while (waiting.length > 0) {
    const next = waiting.pop() as object;
    if (ArrayBuffer.isView(next)) continue;
    if (next instanceof Map) {
      for (const [key, value] of next) {
        visit(key);
        next.set(key, visit(value));
      }
    } else if (next instanceof Set) {
      for (const item of next) visit(item);
    }
    if (Object.isFrozen(next)) continue;
    for (const key of Object.keys(next)) {
      const object = next as Record<string, unknown>;
      // Not all properties can be set, but those that cannot hold no dicts.
      const now = visit(object[key]);
      if (now !== object[key]) object[key] = now;
    }
  }
  return start;
}
