import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  FormatError,
  LimitError,
  RemoteError,
  SerializeError,
  UnknownNameError,
} from "../../mod.ts";

/** What a client is told of an error. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stage?: string;
  readonly offset?: number;
  readonly path?: string;
}

/** The status of an answer that has not begun. */
export function statusOf(error: unknown): ContentfulStatusCode {
  if (error instanceof HTTPException) {
    return error.status as ContentfulStatusCode;
  }
  if (error instanceof FormatError) return 400;
  if (error instanceof LimitError) return 413;
  if (error instanceof UnknownNameError) return 415;
  // The body tells of a failure: it is well-formed, and yet there is nothing to be made of it.
  if (error instanceof SerializeError || error instanceof RemoteError) {
    return 422;
  }
  return 500;
}

/** The same, for the body of the answer: of errors that are not the client's, nothing. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error) || statusOf(error) === 500) {
    return { name: "InternalError", message: "The server failed" };
  }
  const name = isUpstream(error)
    ? "UpstreamError"
    : error instanceof HTTPException
    ? "RequestError"
    : error.name;
  const { stage, offset, path } = error as Partial<Failure>;
  // What is undefined, JSON leaves out.
  return { name, message: error.message, stage, offset, path } as Failure;
}

/** Whether something failed that this server asked in its turn, and its cause says more than a client is told. */
export function isUpstream(error: unknown): error is HTTPException {
  return error instanceof HTTPException && error.cause !== undefined &&
    (error.status === 502 || error.status === 504);
}
