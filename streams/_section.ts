import type { Bytes } from "../src/types.ts";
import { FormatError, TruncatedError } from "../src/errors.ts";
import type { Coder, Emit } from "./_paced_stream.ts";

/** One run of coded data through one engine. */
export interface Section {
  /** How many of the bytes it took: fewer than there are, where the coded data ends among them or before them. */
  write(bytes: Bytes): Promise<number>;
  /** Everything that is still inside goes out. Rejects with `CutError` if the coded data is not complete. */
  end(): Promise<void>;
  /** Frees the engine; a call that is under way rejects. */
  close(): void;
  /** How many bytes the engine has surely read, for the place of an error. */
  readonly taken: number;
}

/** Starts a section whose output goes to `emit`. */
export type NewSection = (emit: Emit) => Section;

/** The coded data stopped before its end. */
export class CutError extends Error {
  override readonly name = "CutError";
}

/** Encodes with one section, from the first byte to the last. */
export function encodeWith(newSection: NewSection): (emit: Emit) => Coder {
  return (emit) => {
    const section = newSection(emit);
    return {
      async write(chunk) {
        if (chunk.length > 0) await section.write(chunk);
      },
      end: () => section.end(),
      close: () => section.close(),
    };
  };
}

/** Decodes formats that are one section and nothing else, or nothing that is of interest. */
export function decodeWith(
  stage: string,
  newSection: NewSection,
  ignoresRest = false,
): (emit: Emit) => Coder {
  return (emit) => {
    const section = newSection(emit);
    let offset = 0;
    let ended = false;
    return {
      async write(chunk) {
        if (chunk.length === 0 || ended) return;
        let taken: number;
        try {
          taken = await section.write(chunk);
        } catch (cause) {
          throw refusal(stage, cause, section.taken);
        }
        offset += taken;
        ended = taken < chunk.length;
        if (ended && !ignoresRest) throw bytesAfterEnd(stage, offset);
      },
      async end() {
        // Deno's `DecompressionStream` takes nothing at all for the coded form of nothing.
        if (offset === 0) throw cut(stage, 0);
        try {
          await section.end();
        } catch (cause) {
          throw refusal(stage, cause, offset);
        }
      },
      close: () => section.close(),
    };
  };
}

/** What an engine threw, as one of our errors. */
export function refusal(
  stage: string,
  cause: unknown,
  offset: number,
): FormatError {
  if (cause instanceof FormatError) return cause;
  if (cause instanceof CutError) return cut(stage, offset);
  const message = cause instanceof Error ? cause.message : String(cause);
  return new FormatError(
    stage,
    message.slice(0, 1).toLowerCase() + message.slice(1),
    { offset, cause },
  );
}

export function cut(stage: string, offset: number): TruncatedError {
  return new TruncatedError(stage, "the input ends too early", { offset });
}

export function bytesAfterEnd(stage: string, offset: number): FormatError {
  return new FormatError(stage, "there are bytes after the end", { offset });
}
