import type { Input, Part } from "../input.ts";

/** A number of variable length: 7 bits in each byte, the lowest first. */
export function* readVli(input: Input): Part<number> {
  const { offset } = input;
  let value = 0;
  for (let i = 0;; i++) {
    const byte = yield* input.byte();
    value += (byte & 127) * 128 ** i;
    if (byte < 128) {
      if (byte === 0 && i > 0 || !Number.isSafeInteger(value)) break;
      return value;
    }
    if (i === 8) break;
  }
  throw input.refusal("a number is too long or too large", offset);
}

/** The bytes of such a number. */
export function vliBytes(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) {
    bytes.push(value % 128 | 128);
  }
  bytes.push(value);
  return bytes;
}
