import { FormatError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import type { DaskRegistry } from "./registry.ts";

/** Memory is made for what pieces come to if it is no more than this, or than 255 bytes for each of theirs. */
const BELIEVED = 1 << 28;
/** Memory with room behind the piece at its beginning, that nobody else has. */
const roomy = new WeakSet<ArrayBuffer>();

/** What may come of all compressed frames that are still to come. */
export interface Budget {
  left: number;
}

/** Where pieces of one frame begin among all, and how many there are. */
export type Group = readonly [at: number, count: number];

/** The frames as they were before compression; `null` and `false` stand for none. Of pieces the first gets room for all. */
export function decompressAll(
  names: readonly unknown[],
  frames: readonly Bytes[],
  groups: readonly Group[],
  registry: DaskRegistry,
  maxFrameBytes: number,
  budget: Budget = { left: Infinity },
): readonly Bytes[] {
  if (names.length !== frames.length) {
    throw new FormatError("dask", "the compression does not fit the frames");
  }
  if (names.every((name) => name === null || name === false)) return frames;
  const compressions = names.map((name) =>
    name === null || name === false
      ? undefined
      : registry.compression(String(name))
  );
  const rooms = new Map<number, number>();
  for (const [at, count] of groups) {
    if (count < 2) continue;
    let room = 0;
    let stored = 0;
    for (let i = at; i < at + count; i++) {
      const compression = compressions[i];
      const frame = frames[i]!;
      room += compression ? compression.sizeOf?.(frame) ?? NaN : frame.length;
      stored += frame.length;
    }
    const believed = Math.max(BELIEVED, 255 * stored);
    if (room <= Math.min(believed, budget.left)) rooms.set(at, room);
  }
  return frames.map((frame, i) => {
    const compression = compressions[i];
    if (!compression) return frame;
    const limit = Math.min(maxFrameBytes, budget.left);
    const room = rooms.get(i);
    const piece = compression.decompress(frame, limit, room);
    budget.left -= piece.length;
    const { buffer, byteOffset } = piece;
    if (room !== undefined && byteOffset === 0 && buffer.byteLength >= room) {
      roomy.add(buffer);
    }
    return piece;
  });
}

/** The pieces end to end in the memory of the first, if that was made for it; once. */
export function inRoom(pieces: readonly Bytes[]): Bytes | undefined {
  const { buffer, byteOffset, length } = pieces[0]!;
  if (byteOffset !== 0 || !roomy.delete(buffer)) return undefined;
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (total > buffer.byteLength) return undefined;
  const whole = new Uint8Array(buffer, 0, total);
  let at = length;
  for (const piece of pieces.slice(1)) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
