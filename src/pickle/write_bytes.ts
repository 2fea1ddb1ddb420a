import type { Bytes } from "../types.ts";
import { bytesOf } from "../bytes.ts";
import * as op from "./write_opcodes.ts";
import { builtin, call } from "./write_plan.ts";
import { writePlan } from "./write_steps.ts";
import type { Writer } from "./writer.ts";

/** Bytes of an array, which may leave the pickle: what Python calls a `PickleBuffer`. */
export class PickleBuffer {
  readonly bytes: Bytes;
  readonly readonly: boolean;

  constructor(bytes: Bytes, readonly = false) {
    this.bytes = bytes;
    this.readonly = readonly;
  }
}

/** Text that Python has as an object of its own, though equal ones may be elsewhere. */
export class OwnText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Bytes that Python makes for the occasion, also if it has the same ones already. */
export class OwnBytes {
  readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }
}

/**
 * Python's `bytes`.
 *
 * @param own Whether they are an object of their own, although of one byte.
 */
export function writeBytes(writer: Writer, bytes: Bytes, own = false): void {
  const { memo, protocol } = writer;
  // Of those with one byte or none, Python has only one each.
  const key = bytes.length < 2 && !own ? `b${bytes}` : undefined;
  const index = key === undefined ? undefined : memo.findOther(key);
  if (index !== undefined) return memo.get(index);
  if (protocol < 3) {
    const plan = bytes.length === 0
      ? builtin("bytes")
      : call("_codecs", "encode", new OwnText(latin1(bytes)), "latin1");
    return writePlan(writer, bytes, plan, key);
  }
  appendBytes(writer, bytes);
  if (key === undefined) memo.add(bytes);
  else memo.addOther(key);
}

/** Opcode, length and bytes of `bytes`, for protocols from 3. */
function appendBytes(writer: Writer, bytes: Bytes): void {
  const { out, protocol } = writer;
  const { length } = bytes;
  if (length >= 2 ** 32 && protocol < 4) {
    writer.refuse("it has 4 GiB or more, which needs protocol 4");
  }
  out.payload(bytes, () => {
    if (length < 256) out.byte2(op.SHORT_BINBYTES, length);
    else if (length < 2 ** 32) out.word(op.BINBYTES, length);
    else out.long(op.BINBYTES8, length);
  });
}

/** Python's `bytearray`. */
export function writeByteArray(writer: Writer, bytes: Bytes): void {
  const { out, memo, protocol } = writer;
  if (protocol < 5) {
    const args = bytes.length === 0 ? [] : [new OwnBytes(bytesOf(bytes))];
    return writePlan(writer, bytes, builtin("bytearray", ...args));
  }
  out.payload(bytes, () => out.long(op.BYTEARRAY8, bytes.length));
  memo.add(bytes);
}

/** In the pickle or beside it, as the callback has it. */
export function writeBuffer(writer: Writer, buffer: PickleBuffer): void {
  const { out, options: { bufferCallback } } = writer;
  const { bytes, readonly } = buffer;
  if (bufferCallback && !bufferCallback(bytes, readonly)) {
    out.byte(op.NEXT_BUFFER);
    if (readonly) out.byte(op.READONLY_BUFFER);
  } else if (readonly) writeBytes(writer, bytesOf(bytes));
  else writeByteArray(writer, bytesOf(bytes));
}

/** The characters that have the bytes as their numbers. */
function latin1(bytes: Bytes): string {
  let text = "";
  // In pieces, because each byte is an argument of a call.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}
