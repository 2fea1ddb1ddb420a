/** Copies within bytes, where what is copied may be what was just written: a short distance repeats. */
export function repeat(
  bytes: Uint8Array,
  to: number,
  distance: number,
  length: number,
): void {
  let from = to - distance;
  if (length <= 32) {
    for (const end = to + length; to < end;) bytes[to++] = bytes[from++]!;
    return;
  }
  // Twice as much each time.
  const end = to + length;
  while (to < end) {
    const count = Math.min(to - from, end - to);
    bytes.copyWithin(to, from, from + count);
    to += count;
  }
}
