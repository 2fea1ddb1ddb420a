/** In place of a distance, for a single byte. */
export const LITERAL_SYMBOL = -1;

/** Decides what the next symbol is. */
export interface Parser {
  /** The length of it; its kind is in `back`: a literal, the index of a repeated distance, or a distance and 4. */
  next(): number;
  back: number;
  /** Forgets what it has decided about symbols to come. */
  reset(): void;
}

/** The state of the model after a literal. */
export function afterLiteral(state: number): number {
  return state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
}
