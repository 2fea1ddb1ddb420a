/// <reference lib="dom" />
import { progress } from "../../../../streams/progress.ts";
import type { Bytes } from "../../../types.ts";
import type { Spool } from "./spool.ts";
import type { Report } from "./report.ts";

/** What a URL brings, as it comes. */
export async function openUrl(
  url: string,
  spool: Spool,
  signal: AbortSignal,
  report: Report,
): Promise<Spool> {
  const init: RequestInit = { signal, referrerPolicy: "no-referrer" };
  const response = await fetch(url, init).catch((cause) => {
    if (signal.aborted) throw cause;
    // A browser tells no page which of these it is.
    const message =
      "it cannot be fetched: its server is not there, or does not let this page read it (CORS), or the page may not ask it";
    throw new TypeError(message, { cause });
  });
  if (!response.ok || !response.body) {
    throw new TypeError(`the server says ${response.status}`);
  }
  const length = response.headers.get("content-length");
  // With a coding, that is the length of what went over the wire.
  const isCoded = response.headers.get("content-encoding") !== null;
  report.inputBytes = length === null || isCoded ? null : Number(length);
  const body = response.body as ReadableStream<Bytes>;
  spool.fill(counted(body, report), signal);
  return spool;
}

/** Notes down how many bytes have come. */
export function counted(
  stream: ReadableStream<Bytes>,
  report: Report,
): ReadableStream<Bytes> {
  return stream.pipeThrough(
    progress<Bytes>(({ bytes }) => report.readBytes = bytes).encoder(),
  );
}
