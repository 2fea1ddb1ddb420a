import { FormatError, LimitError } from "../../../errors.ts";
import type { Damage } from "../protocol.ts";
import type { Random } from "./random.ts";
import type { Rows } from "./rows.ts";

/** What goes through an input, and tells of it. */
export interface Context {
  readonly bytes: Random;
  readonly rows: Rows;
  readonly signal: AbortSignal;
  /** Notes something that is wrong. */
  damage(damage: Damage): void;
  /** Is told how far it has come; waits, now and then, so that questions are answered in between. */
  advance(offset: number): Promise<void>;
}

/** What an error says, and where, as far as it tells: the place apart, as it may have to be counted from elsewhere. */
export function told(error: unknown): { text: string; offset?: number } {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.replace(/ at byte \d+(?=[ :])/, "");
  const isOurs = error instanceof FormatError || error instanceof LimitError;
  return isOurs && error.offset !== undefined
    ? { text, offset: error.offset }
    : { text };
}

/** Whether an error is about the input, and not a fault of this page. */
export function isAboutInput(error: unknown): boolean {
  return error instanceof FormatError || error instanceof RangeError;
}
