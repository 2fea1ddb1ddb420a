import { HTTPException } from "hono/http-exception";

/** Nobody waits for the answer any more. Whatever a runtime says then, this is an error, and none of the server's. */
export class Gone extends HTTPException {
  constructor(cause: unknown) {
    super(400, { message: "Cannot go on: the client has gone", cause });
  }
}

/** What runtimes say of a connection that has ended before its time. */
const CODES = ["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"];

/** Whether a body could not be read because its client has gone: of which this may tell before the signal does. */
export function isReset(error: unknown): boolean {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === "AbortError" || CODES.includes(code as string);
}
