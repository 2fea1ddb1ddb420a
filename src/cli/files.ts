import { unlinkSync } from "node:fs";
import {
  chmod,
  type FileHandle,
  open,
  realpath,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import process from "node:process";
import type { Bytes, Source } from "../../mod.ts";
import { ioError } from "./errors.ts";

/** The name that stands for stdin or stdout. */
export const STDIO = "-";
/** What the parsers look at in one go; larger pieces are not faster. */
const CHUNK_BYTES = 64 * 1024;

/** Bytes to read. */
export interface Input {
  /** As the user named it, for messages. */
  readonly name: string;
  readonly readable: ReadableStream<Bytes>;
  /** How many bytes there are, if that is known. */
  readonly size: number | undefined;
}

/** A file, stdin, or what a URL gives. */
export async function openInput(name: string): Promise<Input> {
  if (name === STDIO) {
    return { name: "stdin", readable: stdinStream(), size: undefined };
  }
  if (isUrl(name)) return await openUrl(name);
  try {
    const handle = await open(name);
    const stats = await handle.stat();
    if (stats.isDirectory()) {
      await handle.close();
      throw new Error("it is a directory");
    }
    const isFile = stats.isFile();
    return {
      name,
      readable: fileStream(name, { handle, start: isFile ? 0 : undefined }),
      size: isFile ? stats.size : undefined,
    };
  } catch (error) {
    throw ioError("open", name, error);
  }
}

/** Whether a name is that of something on the web. */
export function isUrl(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

async function openUrl(name: string): Promise<Input> {
  try {
    const { ok, status, body } = await fetch(name);
    if (ok && body) {
      const readable = body as ReadableStream<Bytes>;
      return { name, readable, size: undefined };
    }
    await body?.cancel();
    throw new Error(`the server says ${status}`);
  } catch (error) {
    throw ioError("open", name, error);
  }
}

/** A file to be read from any place. */
export function fileSource(name: string): Source {
  return {
    size: async () => (await stat(name)).size,
    read: (start, end) => fileStream(name, { start, end }),
  };
}

/** What a file holds, read only as it is asked for. Without a start it is read as a pipe is, from where it stands. */
function fileStream(
  name: string,
  { handle, start, end = Infinity }: {
    handle?: FileHandle;
    start: number | undefined;
    end?: number;
  },
): ReadableStream<Bytes> {
  let position = start ?? 0;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      try {
        handle ??= await open(name);
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - position));
        const at = start === undefined ? null : position;
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
        position += bytesRead;
        if (bytesRead > 0) {
          return controller.enqueue(chunk.subarray(0, bytesRead));
        }
        await handle.close();
        controller.close();
      } catch (error) {
        await handle?.close().catch(() => {});
        throw ioError("read", name, error);
      }
    },
    cancel: () => handle?.close(),
  }, { highWaterMark: 0 });
}

function stdinStream(): ReadableStream<Bytes> {
  const chunks = process.stdin[Symbol.asyncIterator]();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else {
        const { buffer, byteOffset, length } = value;
        controller.enqueue(new Uint8Array(buffer, byteOffset, length));
      }
    },
    async cancel() {
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}

/** A file or stdout to write. A file stays under a temporary name until it is complete. */
export async function openOutput(
  name: string,
): Promise<WritableStream<Bytes>> {
  if (name === STDIO) return stdoutStream();
  try {
    const existing = await stat(name).catch(() => undefined);
    if (existing?.isDirectory()) throw new Error("it is a directory");
    // A device or a named pipe is written to, never replaced.
    if (existing && !existing.isFile()) {
      return handleSink(name, await open(name, "w"), { temporary: undefined });
    }
    const target = existing ? await realpath(name) : name;
    const temporary = `${target}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    const handle = await open(temporary, "wx");
    temporaries.add(temporary);
    if (existing) await chmod(temporary, existing.mode & 0o7777);
    return handleSink(name, handle, { temporary, target });
  } catch (error) {
    throw ioError("write", name, error);
  }
}

const temporaries = new Set<string>();

/** Removes what is not complete yet, at once: for a process that is about to end. */
export function removeTemporaries(): void {
  for (const name of temporaries) {
    try {
      unlinkSync(name);
    } catch {
      // It is gone already, or never will be; either way there is nobody left to tell.
    }
  }
}

function handleSink(
  name: string,
  handle: FileHandle,
  { temporary, target = name }: {
    temporary: string | undefined;
    target?: string;
  },
): WritableStream<Bytes> {
  const drop = async () => {
    await handle.close().catch(() => {});
    if (temporary === undefined) return;
    await unlink(temporary).catch(() => {});
    temporaries.delete(temporary);
  };
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      await drop();
      throw ioError("write", name, error);
    }
  };
  return new WritableStream<Bytes>({
    write: (chunk) =>
      attempt(async () => {
        for (let at = 0; at < chunk.length;) {
          at += (await handle.write(chunk, at)).bytesWritten;
        }
      }),
    close: () =>
      attempt(async () => {
        await handle.close();
        if (temporary === undefined) return;
        await rename(temporary, target);
        temporaries.delete(temporary);
      }),
    abort: drop,
  });
}

function stdoutStream(): WritableStream<Bytes> {
  return new WritableStream<Bytes>({ write: (chunk) => writeOut(chunk) });
}

/** To stdout; settles when it is out, so that the process may end. */
export async function writeOut(data: string | Uint8Array): Promise<void> {
  // Without a listener, a reader that went away would end the process with a stack trace.
  if (process.stdout.listenerCount("error") === 0) {
    process.stdout.on("error", () => {});
  }
  try {
    // Deno throws at once what others call back with.
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(data, (error) => error ? reject(error) : resolve());
    });
  } catch (error) {
    throw ioError("write", "stdout", error);
  }
}
