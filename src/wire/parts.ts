import { FormatError } from "../errors.ts";
import { told } from "../told.ts";
import type { Header } from "../types.ts";

/**
 * What a message brings that is a part of something inside an earlier value:
 *
 * - `values`: the next values of a stream, as many as `values` says; the header goes on as that of any message of values
 * - `bytes`: the next chunks of a stream of bytes, each a frame
 * - `result`: one value, and the end: what a promise was kept with, or an iteration returned
 * - `end`: nothing more comes
 * - `error`: text in the frame: nothing more comes, because something failed at the writer
 * - `content`: bytes, in frames, of what a value will name that is still to come
 */
export type PartKind = (typeof KINDS)[number];

const KINDS = [
  "values",
  "bytes",
  "result",
  "end",
  "error",
  "content",
] as const;

/** Whose part a message is. */
export interface Part {
  readonly id: number;
  readonly kind: PartKind;
}

/** The keys that make a message a part. */
export function partHeader(id: number, kind: PartKind): Header {
  return { stream: id, part: kind };
}

/** Whether a message is a part of something, rather than values of its own. */
export function isPart(header: Header): boolean {
  return header.stream !== undefined;
}

/** What a header that {@linkcode isPart} says. */
export function partOf(stage: string, { stream, part }: Header): Part {
  if (!isId(stream)) {
    throw new FormatError(stage, `${told(stream)} is no number of a stream`);
  }
  const kind = KINDS.find((kind) => kind === part);
  if (!kind) {
    throw new FormatError(stage, `stream ${stream} has no part ${told(part)}`);
  }
  return { id: stream, kind };
}

/** Whether it can be the number of a stream. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number > 0;
}
