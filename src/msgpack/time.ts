const TIME = -1;

/** The one extension that msgpack itself defines, a time; others are refused, and what no `Date` can tell. */
export function timeOf(type: number, content: Uint8Array): Date {
  if (type !== TIME) {
    throw new TypeError(`extension type ${type} is not known`);
  }
  const time = new Date(millisecondsOf(content));
  if (!Number.isNaN(time.getTime())) return time;
  throw new RangeError("a time is beyond what a Date can tell");
}

function millisecondsOf({ buffer, byteOffset, length }: Uint8Array): number {
  const view = new DataView(buffer, byteOffset, length);
  switch (length) {
    case 4:
      return 1_000 * view.getUint32(0);
    case 8: {
      // 30 bits of nanoseconds, then 34 of seconds.
      const high = view.getUint32(0);
      const seconds = (high & 3) * 2 ** 32 + view.getUint32(4);
      return 1_000 * seconds + (high >>> 2) / 1e6;
    }
    case 12:
      return 1_000 * Number(view.getBigInt64(4)) + view.getUint32(0) / 1e6;
    default:
      throw new RangeError(`a time has not ${length} bytes`);
  }
}
