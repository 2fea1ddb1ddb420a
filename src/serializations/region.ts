import type { Parts, Serialization } from "../serialization.ts";
import type { Bytes } from "../types.ts";

/** Bytes that several views of one buffer show between them. */
export class Region {
  /** No typed array needs its elements at other addresses than multiples of this. */
  static readonly ALIGNMENT = 8;
  /** The bytes, in place. */
  readonly bytes: Bytes;
  /** Where they begin in their buffer, modulo the alignment. */
  readonly phase: number;

  constructor(bytes: Bytes, phase: number) {
    this.bytes = bytes;
    this.phase = phase;
  }

  /** The part of the region that a view showed. */
  part(offset: unknown, length: unknown): Bytes {
    const { buffer, byteOffset, byteLength } = this.bytes;
    const valid = Number.isSafeInteger(offset) &&
      Number.isSafeInteger(length) &&
      offset as number >= 0 && length as number >= 0 &&
      (offset as number) + (length as number) <= byteLength;
    if (!valid) throw new RangeError("a view lies outside of its region");
    return new Uint8Array(
      buffer,
      byteOffset + (offset as number),
      length as number,
    );
  }
}

/** A region as one frame; it comes back in a buffer of its own, aligned as it was. */
export const region: Serialization<Region> = {
  type: "Region",
  class: Region,
  serialize: ({ bytes, phase }) => ({ header: phase, frames: [bytes] }),
  deserialize({ header: phase, frames }) {
    const { ALIGNMENT } = Region;
    const frame = onlyFrame(frames);
    if (
      typeof phase !== "number" || !Number.isInteger(phase) ||
      phase < 0 || phase >= ALIGNMENT
    ) throw new TypeError("its phase is not below 8");
    const bytes = new Uint8Array(phase + frame.length).subarray(phase);
    bytes.set(frame);
    return new Region(bytes, phase);
  },
};

/** What no writer sends, and would take a copy for each view of it. */
export const MISALIGNED =
  "it does not lie in its region as it did in its buffer";

/** Whether a view shows a part of a region, in place of a frame of its own. */
export function isPart({ header }: Required<Parts>): boolean {
  return header !== undefined && header !== null;
}

/** The bytes of a view: a part of a region, or a frame of its own. */
export function shownBytes(parts: Required<Parts>): Bytes {
  const { header, frames } = parts;
  if (!isPart(parts)) return onlyFrame(frames);
  if (!Array.isArray(header) || !(header[0] instanceof Region)) {
    throw new TypeError("its header is no part of a region");
  }
  return header[0].part(header[1], header[2]);
}

/** The frame of a value that has just one. */
function onlyFrame(frames: readonly Bytes[]): Bytes {
  const [frame] = frames;
  if (frame && frames.length === 1) return frame;
  throw new TypeError(`it has ${frames.length} frames, not one`);
}
