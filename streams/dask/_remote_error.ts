import { RemoteError } from "../../src/errors.ts";
import {
  type DeserializeOptions,
  Deserializer,
} from "../../src/dask/deserialize.ts";
import { decompressAndDeserialize } from "../../src/dask/read_message.ts";
import { Serialized } from "../../src/dask/values.ts";
import { PyException } from "../../src/pickle/values/exception.ts";
import { PyObject } from "../../src/pickle/values/object.ts";
import type { Bytes } from "../../src/types.ts";

/** Characters that are kept of what the other side says. */
const MAX_TEXT = 100_000;
const MAX_FRAMES = 100;

/** The failure that a reply tells of; `undefined` if it is none. */
export function failureOf(
  reply: unknown,
  what: string,
  read: DeserializeOptions,
): RemoteError | undefined {
  const { status, exception } = Object(reply) as Record<string, unknown>;
  const isFailure = status === "uncaught-error" ||
    (status === "error" && exception !== undefined);
  return isFailure
    ? remoteError(reply as Record<string, unknown>, what, read)
    : undefined;
}

/** The error of a message with an exception of Python: as text, as a traceback, and itself as the cause. */
export function remoteError(
  message: Readonly<Record<string, unknown>>,
  what: string,
  read: DeserializeOptions,
): RemoteError {
  const cause = exceptionIn(message.exception, read);
  const text = textIn(message.exception_text) ?? told(cause);
  const traceback = textIn(message.traceback_text) ??
    (cause instanceof PyException ? framesIn(cause.traceback) : undefined) ??
    framesIn(exceptionIn(message.traceback, read));
  return new RemoteError(`${what}: ${text}`, { cause, traceback });
}

/** What is pickled may be pickled once more, as bytes; and may be of a kind that nobody knows here. */
function exceptionIn(value: unknown, read: DeserializeOptions): unknown {
  try {
    const inner = value instanceof Serialized
      ? decompressAndDeserialize(value.header, value.frames, read)
      : value;
    return inner instanceof Uint8Array
      ? new Deserializer(read).unpickle([inner as Bytes])
      : inner;
  } catch {
    return undefined;
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== ""
    ? value.slice(0, MAX_TEXT)
    : undefined;
}

function told(cause: unknown): string {
  if (cause instanceof PyException) return `${cause.name}: ${cause.message}`;
  if (cause instanceof PyObject) return `${cause.module}.${cause.name}`;
  return textIn(cause) ?? "an error that cannot be read";
}

/** A traceback as `tblib` pickles it, as Python prints one. */
function framesIn(traceback: unknown): string | undefined {
  if (typeof traceback === "string") return textIn(traceback);
  const lines: string[] = [];
  let at = traceback;
  while (at instanceof PyObject && lines.length < MAX_FRAMES) {
    const [frame = at.get("tb_frame"), line = at.get("tb_lineno")] = at.args;
    const code: unknown = frame instanceof PyObject && frame.get("f_code");
    if (!(code instanceof PyObject)) break;
    const [file, name] = [code.get("co_filename"), code.get("co_name")];
    lines.push(`  File "${file}", line ${line}, in ${name}\n`);
    at = at.args[2] ?? at.get("tb_next");
  }
  return lines.length > 0 ? lines.join("") : undefined;
}
