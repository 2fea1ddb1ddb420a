import type { Bytes } from "../types.ts";

const encoder = new TextEncoder();
const COMMA = ",";

/**
 * Encodes values whose text `JSON.stringify` makes at once, as the text of one array. Where other bytes than commas should stand
 * between them, it finds the commas, if that can be told cheaply.
 */
export class RunEncoder {
  /** Whether the last run was all ASCII: what text is made of seldom changes. */
  #ascii = true;

  /**
   * @param between The one character between two values, and how their text is told from its likes: see `markBetween`.
   * @returns The text as bytes, with brackets around it; or `undefined`, if the commas cannot be told.
   */
  encode(values: readonly unknown[], between: string): Bytes | undefined {
    const mark = between === COMMA ? "" : markBetween(values);
    if (mark === undefined) return undefined;
    const text = JSON.stringify(values);
    if (mark === "") return encoder.encode(text);
    if (this.#ascii) {
      const bytes = encoder.encode(text);
      // A place in the text is a place in the bytes.
      this.#ascii = bytes.length === text.length;
      if (this.#ascii) {
        const count = setBetween(bytes, text, mark, between.charCodeAt(0));
        return count === values.length - 1 ? bytes : undefined;
      }
    }
    const texts = text.split(mark);
    if (texts.length !== values.length) return undefined;
    const whole = texts.join(mark.replace(COMMA, between));
    const bytes = encoder.encode(whole);
    this.#ascii = bytes.length === whole.length;
    return bytes;
  }
}

/**
 * What stands between values, if every one is an object with the same first name: `},{"name":`. It cannot stand in a string,
 * where the quotes would be escaped; it may stand deeper in a value, but then there are more of them than there are gaps
 * between the values.
 */
function markBetween(values: readonly unknown[]): string | undefined {
  const name = firstName(values[0]);
  if (name === undefined) return undefined;
  for (const value of values) {
    if (firstName(value) !== name) return undefined;
  }
  return `},{${JSON.stringify(name)}:`;
}

function firstName(value: unknown): string | undefined {
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  for (const name in value) return name;
  return undefined;
}

/** Puts a byte in place of every comma in a mark, and tells how many there were. */
function setBetween(
  bytes: Bytes,
  text: string,
  mark: string,
  byte: number,
): number {
  let count = 0;
  for (let at = 0; (at = text.indexOf(mark, at)) >= 0; count++) {
    bytes[++at] = byte;
  }
  return count;
}
