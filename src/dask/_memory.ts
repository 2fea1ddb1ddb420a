import type { Bytes } from "../types.ts";

/** Below this, clearing costs nothing. */
const LARGE = 1 << 16;

/** Memory that will be written all over, not cleared first where the runtime can do that. */
export function uncleared(length: number): Bytes {
  if (length < LARGE) return new Uint8Array(length);
  const { Bun, process } = globalThis as {
    Bun?: { allocUnsafe?(size: number): Bytes };
    process?: {
      getBuiltinModule?(
        name: string,
      ): { Buffer: { allocUnsafeSlow(size: number): Bytes } } | undefined;
    };
  };
  if (Bun?.allocUnsafe) return Bun.allocUnsafe(length);
  const made = process?.getBuiltinModule?.("node:buffer")?.Buffer
    .allocUnsafeSlow(length);
  return made
    ? new Uint8Array(made.buffer, made.byteOffset, length)
    : new Uint8Array(length);
}
