import { ok } from "node:assert/strict";
import {
  FormatError,
  LimitError,
  RemoteError,
  SerializeError,
  UnknownNameError,
} from "../../mod.ts";

const OURS = [
  FormatError,
  LimitError,
  RemoteError,
  SerializeError,
  UnknownNameError,
];

/** Whether an error is of the classes of this library, with a message that can be read. */
export function isOurs(error: unknown): error is Error {
  return OURS.some((Class) => error instanceof Class) &&
    (error as Error).message.length < 1_000;
}

/** The error of ours that the body throws; anything else fails the test. */
export function ourError(body: () => unknown, what: string): Error {
  let value: unknown;
  try {
    value = body();
  } catch (error) {
    ok(isOurs(error), `${what}: not an error of ours: ${error}`);
    return error;
  }
  ok(false, `${what}: no error, but ${typeof value}`);
}
