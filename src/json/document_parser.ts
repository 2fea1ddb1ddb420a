import type { Bytes } from "../types.ts";
import { Carry } from "./carry.ts";
import type { BatchParser, JsonLimits } from "./limits.ts";
import { withoutBom } from "./lines.ts";
import { explainRefused, parseWithin, tooLong } from "./within.ts";

/** Gathers a whole text, and parses it. */
export class DocumentParser implements BatchParser {
  readonly #carry = new Carry();

  constructor(readonly stage: string, readonly limits: JsonLimits) {}

  push(piece: Bytes): unknown[] {
    const { maxValueBytes } = this.limits;
    const length = this.#carry.length + piece.length;
    if (length > maxValueBytes) {
      throw tooLong(this.stage, length, maxValueBytes, 0);
    }
    this.#carry.append(piece);
    return [];
  }

  end(): unknown[] {
    const { maxDepth } = this.limits;
    const whole = this.#carry.view();
    const text = withoutBom(this.stage, whole, true);
    try {
      return [parseWithin(text, maxDepth)];
    } catch (cause) {
      const offset = whole.length - text.length;
      throw explainRefused(this.stage, text, offset, maxDepth, cause);
    } finally {
      this.#carry.clear();
    }
  }
}
