import type { Hono } from "hono";
import type { Bytes } from "../../mod.ts";

const encoder = new TextEncoder();

/** Text as bytes. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Posts a body to the app, without a port. */
export async function post(
  app: Hono,
  path: string,
  body?: BodyInit | ReadableStream<Bytes>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await app.request(path, {
    method: "POST",
    headers,
    ...body !== undefined && { body, duplex: "half" },
  } as RequestInit);
}

/** The bytes of an answer that has to be a good one. */
export async function bytesOf(response: Response): Promise<Bytes> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.status === 200) return bytes;
  throw new Error(`${response.status}: ${new TextDecoder().decode(bytes)}`);
}

/** What an answer says of an error. */
export async function errorOf(
  response: Response,
): Promise<[status: number, name: string, stage: unknown, offset: unknown]> {
  const { error } = await response.json();
  return [response.status, error.name, error.stage, error.offset];
}

/** A source that counts what is pulled from it, and notes down how it was cancelled. */
export interface Counted {
  readonly stream: ReadableStream<Bytes>;
  pulled: number;
  cancelled: unknown;
}

/** A stream of what `chunkAt` gives, until that is `undefined`. */
export function counted(
  chunkAt: (i: number) => Bytes | undefined | Promise<Bytes | undefined>,
): Counted {
  const source: { -readonly [K in keyof Counted]?: Counted[K] } = {
    pulled: 0,
    cancelled: undefined,
  };
  source.stream = new ReadableStream<Bytes>({
    async pull(controller) {
      const chunk = await chunkAt(source.pulled!++);
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
    cancel(reason) {
      source.cancelled = reason ?? "without a reason";
    },
  }, { highWaterMark: 0 });
  return source as Counted;
}

/** Waits until it is so; a test that waits in vain is stopped by its runner. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Some milliseconds, for what should not happen in them. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Reads to the end: what came, and the error if there was one. */
export async function drain(
  stream: ReadableStream<Bytes>,
): Promise<{ text: string; error: unknown }> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { text, error: undefined };
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    return { text, error };
  }
}

/** All bytes of a stream. */
export async function collectBytes(
  stream: ReadableStream<Bytes>,
): Promise<Bytes> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A stream of one chunk. */
export function streamOf<T>(chunk: T): ReadableStream<T> {
  return new ReadableStream<T>({
    start(controller) {
      controller.enqueue(chunk);
      controller.close();
    },
  });
}
