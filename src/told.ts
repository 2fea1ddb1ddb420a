/** What the input says, for the message of an error: never long, and never asked to spell itself. */
export function told(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = String(value);
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
