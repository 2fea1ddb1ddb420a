/// <reference lib="dom" />
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
  /** Is told how far it has come; now and then it has to be waited for, so that questions are answered in between. */
  advance(offset: number): Promise<void> | undefined;
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

/** Lets what has come in be answered. A timer would wait for some milliseconds. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
