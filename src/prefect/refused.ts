/** Why a value is not written; the writer knows where it is. */
export class Refused extends Error {}

/** What Python's `json` says of a value that nobody makes simpler. */
export function notSerializable(value: object): string {
  const { constructor } = value as { constructor?: { name?: unknown } };
  const name = typeof constructor === "function" ? constructor.name : "object";
  return `Object of type ${name} is not JSON serializable`;
}
