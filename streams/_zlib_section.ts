import type { Bytes } from "../src/types.ts";
import type { Emit } from "./_paced_stream.ts";
import { CutError, type Section } from "./_section.ts";

/** What is used of the transforms of `node:zlib`. */
export interface ZlibEngine {
  readonly bytesWritten: number;
  on(event: "data", listener: (data: Uint8Array<ArrayBuffer>) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(bytes: Uint8Array, done: () => void): boolean;
  end(): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
}

/** What every engine is made with: larger pieces than Node's 16 KiB, which cost a third of the speed of decoding. */
export const CHUNK_SIZE: number = 64 * 1024;

interface Waiting {
  done(): void;
  fail(error: unknown): void;
}

/**
 * One run through an engine of `node:zlib`.
 *
 * @param probed Whether completeness must be found out by offering the engine a byte more: Deno's brotli ends without
 * an error wherever it is cut.
 */
export function zlibSection(
  engine: ZlibEngine,
  emit: Emit,
  probed = false,
): Section {
  let waiting: Waiting | undefined;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  let muted = false;

  const settle = () => {
    const { done, fail } = waiting ?? {};
    waiting = undefined;
    if (failure) fail?.(failure.error);
    else done?.();
  };
  const stopped = (error: unknown) => {
    failure ??= { error };
    settle();
  };
  engine.on("data", (data) => {
    if (muted) return;
    const held = emit(
      new Uint8Array(data.buffer, data.byteOffset, data.length),
    );
    if (!held) return;
    engine.pause();
    held.then(() => engine.resume());
  });
  engine.on("end", () => {
    ended = true;
    settle();
  });
  engine.on("error", (error) => {
    const isCut = (error as { code?: string }).code === "Z_BUF_ERROR";
    stopped(isCut ? new CutError(error.message, { cause: error }) : error);
  });

  /** An engine that meets the end of its data ends, and never calls back for the bytes it left. */
  const run = (start: (done: () => void) => void) =>
    new Promise<void>((done, fail) => {
      waiting = { done, fail };
      if (failure || ended) settle();
      else start(settle);
    });
  const write = async (bytes: Bytes) => {
    const before = engine.bytesWritten;
    await run((done) => engine.write(bytes, done));
    return engine.bytesWritten - before;
  };
  const probe = async () => {
    muted = true;
    let taken: number;
    try {
      taken = await write(new Uint8Array(1));
    } catch (error) {
      throw new CutError("a byte more was not refused", { cause: error });
    }
    if (taken > 0) throw new CutError("a byte more was not refused");
  };
  return {
    write,
    async end() {
      if (probed) await probe();
      await run(() => engine.end());
    },
    close() {
      engine.destroy();
      stopped(new Error("the stream was closed"));
    },
    get taken() {
      return engine.bytesWritten;
    },
  };
}
