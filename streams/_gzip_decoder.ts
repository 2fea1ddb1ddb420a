import type { Bytes } from "../src/types.ts";
import { GzipMember } from "../src/gzip_members.ts";
import type { Coder, Emit } from "./_paced_stream.ts";
import {
  bytesAfterEnd,
  cut,
  type NewSection,
  refusal,
  type Section,
} from "./_section.ts";

/**
 * Decodes gzip, one member after another, each through an engine for its deflated data. The runtimes' own engines do
 * not agree about a second member, nor about bytes that follow the last, and none says where those begin.
 */
export class GzipDecoder implements Coder {
  readonly #newSection: NewSection;
  readonly #emit: Emit;
  #member: GzipMember | undefined = new GzipMember(0);
  #part: "header" | "data" | "trailer" = "header";
  #section: Section | undefined;
  #offset = 0;

  constructor(newInflateRaw: NewSection, emit: Emit) {
    this.#newSection = newInflateRaw;
    this.#emit = emit;
  }

  async write(chunk: Bytes): Promise<void> {
    let rest: Bytes | undefined = chunk;
    while (rest !== undefined && rest.length > 0) {
      const before: number = rest.length;
      const next: Bytes | undefined = await this.#read(rest);
      this.#offset += before - (next?.length ?? 0);
      rest = next;
    }
  }

  /** Reads on in the part at hand; gives back what stands behind it, or nothing if it took all. */
  async #read(bytes: Bytes): Promise<Bytes | undefined> {
    if (this.#member === undefined && bytes[0] === 0) return afterZeros(bytes);
    const member = this.#member ??= this.#nextMember(bytes);
    switch (this.#part) {
      case "header": {
        const rest = member.pushHeader(bytes);
        if (rest === undefined) return undefined;
        this.#part = "data";
        this.#section = this.#newSection((out) => {
          member.update(out);
          return this.#emit(out);
        });
        return rest;
      }
      case "data": {
        const taken = await this.#inflate(bytes);
        if (taken === bytes.length) return undefined;
        this.#part = "trailer";
        this.#section?.close();
        return bytes.subarray(taken);
      }
      case "trailer": {
        const rest = member.pushTrailer(bytes, this.#offset);
        if (rest === undefined) return undefined;
        this.#member = undefined;
        this.#part = "header";
        return rest;
      }
    }
  }

  /** Whatever does not begin another member is not there by right. */
  #nextMember(bytes: Bytes): GzipMember {
    if (bytes[0] !== 0x1f) throw bytesAfterEnd("gzip", this.#offset);
    return new GzipMember(this.#offset);
  }

  async #inflate(bytes: Bytes): Promise<number> {
    const section = this.#section!;
    const before = section.taken;
    try {
      return await section.write(bytes);
    } catch (cause) {
      const offset = this.#offset + section.taken - before;
      throw refusal("gzip", cause, offset);
    }
  }

  end(): Promise<void> {
    return this.#member === undefined
      ? Promise.resolve()
      : Promise.reject(cut("gzip", this.#offset));
  }

  close(): void {
    this.#section?.close();
  }
}

/** A member may be padded with zeros, as those on tapes are; the command and Python's `gzip` pass over them, too. */
function afterZeros(bytes: Bytes): Bytes | undefined {
  const end = bytes.findIndex((byte) => byte !== 0);
  return end < 0 ? undefined : bytes.subarray(end);
}
