import { bytesOf } from "../bytes.ts";
import { loads } from "../pickle/loads.ts";
import { PyGlobal } from "../pickle/values/object.ts";
import type { Bytes } from "../types.ts";
import { ByteCache } from "./_byte_cache.ts";

/** A class of Python: where it is found, and its name there. */
export interface PythonClass {
  /** The module. */
  readonly module: string;
  /** The qualified name. */
  readonly name: string;
}

const PROTO = 0x80;
const FRAME = 0x95;
const TEXT = 0x8c;
const MEMOIZE = 0x94;
const STACK_GLOBAL = 0x93;
const STOP = 0x2e;
/** Names that were met, by the bytes that spell them. */
const known = new ByteCache<PythonClass>();
const utf8 = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The class by its full name, in which the last dot is before the name. */
export function classOf(full: string): PythonClass {
  const dot = full.lastIndexOf(".");
  return dot < 0
    ? { module: "builtins", name: full }
    : { module: full.slice(0, dot), name: full.slice(dot + 1) };
}

/** The pickle of a class, as Python writes it in that protocol. */
export function pickleOfClass(
  { module, name }: PythonClass,
  protocol: 4 | 5,
): Bytes {
  const body = [
    ...opcodeOfText(module),
    ...opcodeOfText(name),
    STACK_GLOBAL,
    MEMOIZE,
    STOP,
  ];
  const pickle = new Uint8Array(11 + body.length);
  pickle.set([PROTO, protocol, FRAME]);
  new DataView(pickle.buffer).setUint32(3, body.length, true);
  pickle.set(body, 11);
  return pickle;
}

function opcodeOfText(text: string): number[] {
  const bytes = utf8.encode(text);
  if (bytes.length > 255) throw new RangeError(`Too long a name: ${text}`);
  return [TEXT, bytes.length, ...bytes, MEMOIZE];
}

/** The class that `type-serialized` or, if that describes the class itself, `type` names. */
export function classOfHeader(
  header: Readonly<Record<string, unknown>>,
): PythonClass | undefined {
  const { type, "type-serialized": pickle } = header;
  if (pickle instanceof Uint8Array) {
    const found = knownClass(bytesOf(pickle as Bytes));
    if (found) return found;
  }
  return typeof type === "string" ? classOf(type) : undefined;
}

function knownClass(bytes: Bytes): PythonClass | undefined {
  const { length } = bytes;
  const found = known.get(bytes, 0, length);
  if (found) return found;
  const read = plainClass(bytes) ?? unpickled(bytes);
  if (read) known.set(bytes, 0, length, read);
  return read;
}

/** The few opcodes that Python writes for a class that can be imported. */
function plainClass(bytes: Bytes): PythonClass | undefined {
  let at = bytes[0] === PROTO ? 2 : 0;
  if (bytes[at] === FRAME) at += 9;
  const text = () => {
    if (bytes[at] !== TEXT) return undefined;
    const end = at + 2 + bytes[at + 1]!;
    if (end >= bytes.length) return undefined;
    const text = decoder.decode(bytes.subarray(at + 2, end));
    at = bytes[end] === MEMOIZE ? end + 1 : end;
    return text;
  };
  try {
    const module = text();
    const name = text();
    if (module === undefined || name === undefined) return undefined;
    if (bytes[at++] !== STACK_GLOBAL) return undefined;
    if (bytes[at] === MEMOIZE) at++;
    return bytes[at] === STOP ? { module, name } : undefined;
  } catch {
    return undefined;
  }
}

/** Any other way to name a class; of one that the pickle describes, its name. */
function unpickled(bytes: Bytes): PythonClass | undefined {
  try {
    const value = loads(bytes);
    return value instanceof PyGlobal ? value : undefined;
  } catch {
    return undefined;
  }
}
