/** How far back a symbol means (RFC 7932, section 4). */
import type { Header } from "./header.ts";

/** Which of the last distances a symbol below 16 means, and what is added to it. */
export const NEAR: readonly number[] = [
  3,
  2,
  1,
  0,
  3,
  3,
  3,
  3,
  3,
  3,
  2,
  2,
  2,
  2,
  2,
  2,
];
export const ADDED: readonly number[] = [
  0,
  0,
  0,
  0,
  -1,
  1,
  -2,
  2,
  -3,
  3,
  -1,
  1,
  -2,
  2,
  -3,
  3,
];

/** How many bits follow the symbol of a distance. */
export function extraOf(symbol: number, { postfix, direct }: Header): number {
  const index = symbol - 16 - direct;
  return index < 0 ? 0 : 1 + (index >> postfix + 1);
}

/** The distance of a symbol that stands for no earlier one. */
export function distanceOf(
  symbol: number,
  more: number,
  header: Header,
): number {
  const { postfix, direct } = header;
  const index = symbol - 16 - direct;
  if (index < 0) return symbol - 15;
  const high = index >> postfix;
  const low = index & (1 << postfix) - 1;
  const start = (2 + (high & 1) << 1 + (index >> postfix + 1)) - 4;
  return (start + more << postfix) + low + direct + 1;
}
