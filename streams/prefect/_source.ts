import type { Bytes } from "../../src/types.ts";

/** What can be opened. */
export type ResultSource =
  | string
  | URL
  | Blob
  | Response
  | ReadableStream<Bytes>
  | Bytes;

/** The bytes of a source: a path or a URL is opened, of anything else they are taken. */
export async function bytesOfSource(
  source: ResultSource,
): Promise<ReadableStream<Bytes>> {
  if (source instanceof Uint8Array) return of(source);
  if (source instanceof ReadableStream) return source;
  if (source instanceof Blob) return source.stream() as ReadableStream<Bytes>;
  if (source instanceof Response) return await bodyOf(source);
  const isWeb = /^https?:/i.test(String(source));
  return isWeb ? await bodyOf(await fetch(source)) : await fileStream(source);
}

function of(bytes: Bytes): ReadableStream<Bytes> {
  return new ReadableStream<Bytes>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function bodyOf(response: Response): Promise<ReadableStream<Bytes>> {
  const { ok, body, status, url } = response;
  if (ok && body) return body as ReadableStream<Bytes>;
  await body?.cancel();
  throw new TypeError(
    `Cannot read ${url || "the response"}: its status is ${status}`,
  );
}

const CHUNK = 64 << 10;

interface FileSystem {
  open(path: string | URL): Promise<{
    read(
      buffer: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ): Promise<{ bytesRead: number }>;
    close(): Promise<void>;
  }>;
}

async function fileStream(path: string | URL): Promise<ReadableStream<Bytes>> {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const files = process?.getBuiltinModule?.("node:fs/promises") as
    | FileSystem
    | undefined;
  if (!files) {
    throw new TypeError(`Cannot open ${path}: there are no files here`);
  }
  const handle = await files.open(path);
  let position = 0;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      const chunk = new Uint8Array(CHUNK);
      const { bytesRead } = await handle.read(chunk, 0, CHUNK, position);
      position += bytesRead;
      if (bytesRead > 0) {
        return controller.enqueue(chunk.subarray(0, bytesRead));
      }
      await handle.close();
      controller.close();
    },
    cancel: () => handle.close(),
  }, { highWaterMark: 0 });
}
