import { fromBase64 } from "../base64.ts";
import { FormatError } from "../errors.ts";
import { told } from "../told.ts";
import type { Bytes } from "../types.ts";

/** Ends the reading; the message says why. */
type Fail = (message: string) => never;

/** The frames of a message, each of which some value names. */
export class Frames {
  readonly #frames: (Bytes | undefined)[];

  constructor(frames: readonly Bytes[]) {
    this.#frames = [...frames];
  }

  /** A frame is taken once only: a small tree could else make any number of copies of a large frame. */
  take(name: unknown, fail: Fail): Bytes {
    if (typeof name === "string") {
      return fromBase64(name) ?? fail("a frame is not base64");
    }
    const frame = typeof name === "number" ? this.#frames[name] : undefined;
    if (!frame) return fail(`no frame ${told(name)} is left`);
    this.#frames[name as number] = undefined;
    return frame;
  }

  /** After the last value; throws if a frame is left. */
  end(stage: string): void {
    const left = this.#frames.findIndex((frame) => frame !== undefined);
    if (left >= 0) refuseFrame(stage, left);
  }
}

/** A frame that no value names: something of the message would be lost. */
export function refuseFrame(stage: string, index: number): never {
  throw new FormatError(stage, `nothing in the value names frame ${index}`);
}
