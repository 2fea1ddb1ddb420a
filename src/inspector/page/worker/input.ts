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
  const response = await fetch(url, { signal, referrerPolicy: "no-referrer" });
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
