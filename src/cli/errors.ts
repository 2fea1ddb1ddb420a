import process from "node:process";
import {
  FormatError,
  LimitError,
  RemoteError,
  SerializeError,
  UnknownNameError,
} from "../../mod.ts";

/** What the process tells its caller. */
export const EXIT = {
  ok: 0,
  /** Input or output failed, or something went wrong that should not. */
  failure: 1,
  usage: 2,
  /** The input is damaged, cut, or not what it should be; or the output's format cannot hold it. */
  badInput: 3,
  unknownName: 4,
  limit: 5,
  interrupted: 130,
  terminated: 143,
} as const;

/** A failure that needs no explanation but its message. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The exit code that says what kind of error it was. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof UnknownNameError) return EXIT.unknownName;
  if (error instanceof LimitError) return EXIT.limit;
  const isBadInput = [FormatError, SerializeError, RemoteError].some((kind) =>
    error instanceof kind
  );
  return isBadInput ? EXIT.badInput : EXIT.failure;
}

/**
 * The same error; but where a stream is looked at for damage, a length beyond all limits is that: more often a flipped
 * bit than a message so large.
 */
export function asDamage(error: unknown): unknown {
  if (!(error instanceof LimitError)) return error;
  return new CliError(error.message, EXIT.badInput, { cause: error });
}

/** One line for the user; all there is to know, if the environment says `BRINE_DEBUG=1`. */
export function describeError(error: unknown): string {
  if (process.env.BRINE_DEBUG && error instanceof Error) {
    const { stack, cause } = error;
    return `${stack ?? error}${cause ? `\nCaused by: ${stackOf(cause)}` : ""}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `brine: ${message.replaceAll(/\s*\n\s*/g, " ")}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack || String(error);
}

/** The reader of our output has gone away, as `head` does when it has enough: no failure of ours. */
export function isBrokenPipe(error: unknown): boolean {
  const { code, cause } = Object(error) as { code?: string; cause?: unknown };
  return code === "EPIPE" || (cause !== undefined && isBrokenPipe(cause));
}

/** An error of the operating system, with what it was about: `Cannot open a.txt: no such file or directory`. */
export function ioError(action: string, name: string, cause: unknown): Error {
  const { code } = Object(cause) as { code?: unknown };
  // What has no code did not come from there, and says what it is about.
  if (cause instanceof CliError || isBrokenPipe(cause)) return cause as Error;
  if (code === undefined && cause instanceof TypeError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, reason = message] = message.match(/^\w+: (.*?)(?:, \w+.*)?$/) ?? [];
  return new CliError(`Cannot ${action} ${name}: ${reason}`, EXIT.failure, {
    cause,
  });
}
