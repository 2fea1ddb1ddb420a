import type { Context } from "hono";
import {
  type Bytes,
  type Codec,
  codecOf,
  codecs,
  limit,
  LimitError,
  UnknownNameError,
} from "../../mod.ts";
import { exchangeOf } from "./_exchange.ts";
import { Gone, isReset } from "./_gone.ts";
import { directBody } from "./_incoming.ts";
import type { Limits } from "./options.ts";
import { signalOf } from "./_signal.ts";

/** Names of HTTP, RFC 9110 §8.4.1, where they are not ours. */
const TOKENS = new Map([["brotli", "br"]]);
/** Those that HTTP has a name for. */
const OF_HTTP = ["gzip", "deflate", "brotli", "zstd"];
/** One is usual, and each takes memory of its own. */
const MAX_CODINGS = 2;

/** The names in `Content-Encoding` that are understood. */
export function contentCodings(): string[] {
  return codecs().map(({ name }) => name)
    .filter((name) => OF_HTTP.includes(name))
    .map((name) => TOKENS.get(name) ?? name);
}

/** What `Content-Encoding` calls a codec. */
export function contentCodingOf({ name }: Codec): string {
  const token = TOKENS.get(name) ?? name;
  if (contentCodings().includes(token)) return token;
  throw new UnknownNameError("content coding", name, contentCodings());
}

/** The bytes of a request, without its `Content-Encoding`, within the limits. */
export function bodyOf(
  c: Context,
  { maxBodyBytes, maxDecodedBytes }: Limits,
): ReadableStream<Bytes> {
  const announced = Number(c.req.header("content-length") ?? 0);
  if (announced > maxBodyBytes) {
    throw new LimitError("body", "bytes", announced, maxBodyBytes);
  }
  const decoders = codingsOf(c.req.header("content-encoding"));
  const within = metered(c, maxBodyBytes);
  if (decoders.length === 0) return within;
  return decoders
    .reduceRight(
      (bytes, codec) => bytes.pipeThrough(codec.decoder()),
      within,
    )
    .pipeThrough(limit(maxDecodedBytes).decoder());
}

/** The codecs of a `Content-Encoding`, in the order in which they were applied. */
function codingsOf(header = ""): Codec[] {
  const tokens = header.toLowerCase().split(",")
    .map((token) => token.trim().replace(/^x-gzip$/, "gzip"))
    .filter((token) => token !== "" && token !== "identity");
  if (tokens.length > MAX_CODINGS) {
    throw new LimitError("body", "codings", tokens.length, MAX_CODINGS);
  }
  return tokens.map((token) => {
    if (!contentCodings().includes(token)) {
      throw new UnknownNameError("content coding", token, contentCodings());
    }
    const [name] = [...TOKENS].find(([, each]) => each === token) ?? [token];
    return codecOf(name);
  });
}

/** The bytes as they are sent: counted, and only as long as there is time and somebody who waits for the answer. */
function metered(c: Context, maxBytes: number): ReadableStream<Bytes> {
  const exchange = exchangeOf(c);
  const signal = signalOf(c);
  let passed = 0;
  const check = ({ length }: Bytes) => {
    passed += length;
    exchange?.receive(length);
    if (passed <= maxBytes) return;
    throw new LimitError("body", "bytes", passed, maxBytes, {
      offset: maxBytes,
    });
  };
  return directBody(c.req.raw, check, signal) ??
    checked(c.req.raw.body ?? new Blob([]).stream(), check, signal);
}

/** The same bytes, up to a chunk that is refused, or until the signal says that nobody wants them. */
function checked(
  sent: ReadableStream<Bytes>,
  check: (chunk: Bytes) => void,
  signal: AbortSignal,
): ReadableStream<Bytes> {
  const reader = sent.getReader();
  return new ReadableStream<Bytes>({
    start(controller) {
      const stop = () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      };
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch((cause) => {
        throw isReset(cause) ? new Gone(cause) : cause;
      });
      if (done) return controller.close();
      try {
        check(value);
      } catch (error) {
        reader.cancel(error).catch(() => {});
        throw error;
      }
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
