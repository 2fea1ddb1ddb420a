/** What the input says, for the message of an error: never long, and never asked to spell itself. */
export function told(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = String(value);
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}

/** What an error of somebody else's says, in short: some runtimes repeat all of what they were given. */
export function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return reason.length > 200 ? `${reason.slice(0, 200)}…` : reason;
}
