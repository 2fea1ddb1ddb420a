import { ByteQueue } from "../../bytes.ts";
import { LimitError } from "../../errors.ts";
import { GzipMember } from "../../gzip_members.ts";
import type { Bytes } from "../../types.ts";
import { Input, type Part, type Steps } from "../input.ts";
import { inflate } from "./inflate.ts";

/** Reads the zlib format (RFC 1950). */
export function* readZlib(input: Input, ignoresRest: boolean): Steps {
  const { offset } = input;
  const [method = 0, flags = 0] = yield* input.take(2);
  if ((method & 15) !== 8 || method >> 4 > 7 || (method << 8 | flags) % 31) {
    throw input.refusal("it is not zlib", offset);
  }
  if (flags & 32) throw input.refusal("it wants a dictionary", offset);
  const sum = new Adler32();
  for (const part of inflate(input)) {
    if (part) sum.update(part);
    yield part;
  }
  const at = input.offset;
  const [a, b, c, d] = yield* input.take(4);
  if ((a! << 24 | b! << 16 | c! << 8 | d!) !== sum.value) {
    throw input.refusal("the checksum is wrong", at);
  }
  if (ignoresRest) return yield* input.skipRest();
  if (!(yield* input.isOver())) {
    throw input.refusal("there are bytes after the end");
  }
}

/** Reads gzip (RFC 1952): one member after another, and zeros between and behind them. */
export function* readGzip(input: Input): Steps {
  for (let follows = false;; follows = true) {
    if (follows && !(yield* findMember(input))) return;
    const member = new GzipMember(input.offset);
    yield* pushed(input, (bytes) => member.pushHeader(bytes));
    for (const part of inflate(input)) {
      if (part) member.update(part);
      yield part;
    }
    const { offset } = input;
    yield* pushed(input, (bytes) => member.pushTrailer(bytes, offset));
  }
}

/** Whether there is another member; zeros before it are passed over. */
function* findMember(input: Input): Part<boolean> {
  while (!(yield* input.isOver())) {
    const byte = input.bytes[input.at]!;
    if (byte === 0x1f) return true;
    if (byte !== 0) throw input.refusal("there are bytes after the end");
    input.at++;
  }
  return false;
}

/** Gives bytes to something that takes as many as it wants, and gives the rest back. */
function* pushed(
  input: Input,
  push: (bytes: Bytes) => Bytes | undefined,
): Part<void> {
  for (;;) {
    yield* input.need(1);
    // Few, since what is given back was copied for nothing.
    const count = Math.min(input.length, 64);
    const bytes = input.bytes.slice(input.at, input.at + count);
    input.at += count;
    const rest = push(bytes);
    if (rest === undefined) continue;
    input.at -= rest.length;
    return;
  }
}

/** The checksum of zlib. */
class Adler32 {
  #a = 1;
  #b = 0;

  update(bytes: Bytes): void {
    let [a, b] = [this.#a, this.#b];
    for (let i = 0; i < bytes.length;) {
      // So many sums stay below 2 ** 31.
      const end = Math.min(i + 3_800, bytes.length);
      while (i < end) b += a += bytes[i++]!;
      a %= 65_521;
      b %= 65_521;
    }
    [this.#a, this.#b] = [a, b];
  }

  get value(): number {
    return this.#b << 16 | this.#a;
  }
}

/** All of the zlib format at once. */
export function inflateZlib(bytes: Bytes, limit: number): Bytes {
  return collect("zlib", bytes, limit, (input) => readZlib(input, false));
}

/** All of deflated data at once, whatever follows. */
export function inflateRaw(stage: string, bytes: Bytes, limit: number): Bytes {
  return collect(stage, bytes, limit, inflate);
}

function collect(
  stage: string,
  bytes: Bytes,
  limit: number,
  read: (input: Input) => Steps,
): Bytes {
  const input = new Input(stage);
  input.push(bytes);
  input.ended = true;
  const queue = new ByteQueue();
  for (const part of read(input)) {
    if (part) queue.push(part);
    if (queue.length > limit) {
      throw new LimitError(stage, "bytes", queue.length, limit, { offset: 0 });
    }
  }
  return queue.take(queue.length);
}
