import { crc32 } from "../../crc32.ts";
import { Crc64 } from "./crc64.ts";
import { Sha256 } from "./sha256.ts";

/** The integrity checks of xz. */
export type XzCheck = "none" | "crc32" | "crc64" | "sha256";

/** A check at work. */
export interface Check {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

class Crc32 implements Check {
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  digest(): Uint8Array {
    return Uint8Array.from([0, 8, 16, 24], (bits) => this.#value >>> bits);
  }
}

const none: Check = { update() {}, digest: () => new Uint8Array(0) };

/** Each check: its number in the format, and how one is begun. */
export const CHECKS: ReadonlyMap<XzCheck, {
  readonly id: number;
  readonly size: number;
  readonly start: () => Check;
}> = new Map([
  ["none", { id: 0, size: 0, start: () => none }],
  ["crc32", { id: 1, size: 4, start: () => new Crc32() }],
  ["crc64", { id: 4, size: 8, start: () => new Crc64() }],
  ["sha256", { id: 10, size: 32, start: () => new Sha256() }],
]);
