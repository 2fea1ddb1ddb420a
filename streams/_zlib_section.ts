import type { Bytes } from "../src/types.ts";
import type { Emit } from "./_paced_stream.ts";
import { CutError, type Section } from "./_section.ts";

/** What is used of the transforms of `node:zlib`. */
export interface ZlibEngine {
  readonly bytesWritten: number;
  readonly readableLength: number;
  on(event: "data", listener: (data: Uint8Array<ArrayBuffer>) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(bytes: Uint8Array, done: (error?: unknown) => void): boolean;
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
  let probing = false;
  /** To be called when nothing of what came out waits for the reader. */
  let emptied: (() => void) | undefined;

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
    // It may have made something of the byte that was not there.
    if (probing) return;
    if (engine.readableLength === 0) emptied?.();
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

  /** Until the call back, or until the engine ends, which it does by itself where its data does. */
  const run = (start: (done: () => void) => void) =>
    new Promise<void>((done, fail) => {
      waiting = { done, fail };
      if (failure || ended) settle();
      else start(settle);
    });
  catchThrows(engine, stopped);
  const write = async (bytes: Bytes) => {
    const before = engine.bytesWritten;
    // An error comes with an event of its own, which says more.
    await run((done) => engine.write(bytes, (error) => error ?? done()));
    const taken = engine.bytesWritten - before;
    // What came out of them may still wait for the reader.
    if (taken < bytes.length) await run(() => {});
    return taken;
  };
  const probe = async () => {
    await run((done) => {
      if (engine.readableLength === 0) done();
      else emptied = done;
    });
    probing = true;
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

type Handle = Record<PropertyKey, unknown>;

/**
 * Deno's zstd (2.9) throws from within a tick, where nobody can catch it and the process ends, if the input turns out
 * bad after the first 64 KiB of a chunk have come out. So its errors are caught where they leave the native code.
 */
function catchThrows(engine: ZlibEngine, stopped: (error: unknown) => void) {
  const handle = (engine as { _handle?: Handle })._handle;
  if (!handle || !("Deno" in globalThis)) return;
  for (const key of Reflect.ownKeys(handle)) {
    const name = typeof key === "symbol" ? key.description : key;
    const write = handle[key];
    if (typeof write !== "function") continue;
    if (name !== "write" && name !== "kNativeWrite") continue;
    handle[key] = function (...args: unknown[]): unknown {
      try {
        return Reflect.apply(write, this, args);
      } catch (error) {
        stopped(error);
        engine.destroy();
      }
    };
  }
}
