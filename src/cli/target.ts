import { type Bytes, type Codec, detectName } from "../../mod.ts";
import { CliError, EXIT } from "./errors.ts";

/** What a value of Python is written as, and the codec around it. */
export interface Target {
  readonly to: string;
  readonly around: Codec | undefined;
}

/** The same by what the user says, else by the name of the output, else JSON; of some formats only. */
export function target(
  name: string,
  to: string | undefined,
  known: readonly string[],
): Target {
  const { codec: around, format } = detectName(name);
  if (to !== undefined && !known.includes(to)) {
    const text = `Cannot write ${to}: known are ${known.join(", ")}`;
    throw new CliError(text, EXIT.unknownName);
  }
  const told = to ?? known.find((each) => each === format?.name);
  return { to: told ?? "json", around };
}

/** Bytes in the codec that is around them, if there is one. */
export function wrapped(
  readable: ReadableStream<Bytes>,
  around: Codec | undefined,
): ReadableStream<Bytes> {
  return around ? readable.pipeThrough(around.encoder()) : readable;
}
