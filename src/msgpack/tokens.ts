/** What a token's first byte says of it. */
export interface Token {
  readonly kind: "scalar" | "text" | "binary" | "array" | "map" | "unused";
  /** Bytes of the count that follows; 0 if the count is in the first byte, or fixed. */
  readonly width: 0 | 1 | 2 | 4;
  /** The count, where `width` is 0: payload bytes, or items. */
  readonly count: number;
  /** Payload bytes that the count leaves out: the type of an extension. */
  readonly extra: 0 | 1;
}

type Kind = Token["kind"];

function token(
  kind: Kind,
  width: 0 | 1 | 2 | 4,
  count = 0,
  extra: 0 | 1 = 0,
): Token {
  return { kind, width, count, extra };
}

/** From 0xc0 on, in order, as the specification lists them. */
const FROM_C0: readonly Token[] = [
  token("scalar", 0), // nil
  token("unused", 0),
  token("scalar", 0), // false
  token("scalar", 0), // true
  token("binary", 1),
  token("binary", 2),
  token("binary", 4),
  token("binary", 1, 0, 1), // ext 8, 16, 32
  token("binary", 2, 0, 1),
  token("binary", 4, 0, 1),
  token("scalar", 0, 4), // float 32, 64
  token("scalar", 0, 8),
  token("scalar", 0, 1), // uint 8, 16, 32, 64
  token("scalar", 0, 2),
  token("scalar", 0, 4),
  token("scalar", 0, 8),
  token("scalar", 0, 1), // int 8, 16, 32, 64
  token("scalar", 0, 2),
  token("scalar", 0, 4),
  token("scalar", 0, 8),
  token("binary", 0, 1, 1), // fixext 1, 2, 4, 8, 16
  token("binary", 0, 2, 1),
  token("binary", 0, 4, 1),
  token("binary", 0, 8, 1),
  token("binary", 0, 16, 1),
  token("text", 1),
  token("text", 2),
  token("text", 4),
  token("array", 2),
  token("array", 4),
  token("map", 2),
  token("map", 4),
];

/** By the first byte, {@link https://github.com/msgpack/msgpack/blob/master/spec.md#formats}. */
export const TOKENS: readonly Token[] = Array.from(
  { length: 256 },
  (_, head) => {
    if (head < 0x80 || head >= 0xe0) return token("scalar", 0);
    if (head < 0x90) return token("map", 0, head & 0x0f);
    if (head < 0xa0) return token("array", 0, head & 0x0f);
    if (head < 0xc0) return token("text", 0, head & 0x1f);
    return FROM_C0[head - 0xc0]!;
  },
);

/** The count of a token, which may stand behind its head. */
export function countOf(
  { width, count }: Token,
  view: DataView,
  at: number,
): number {
  switch (width) {
    case 0:
      return count;
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at);
    case 4:
      return view.getUint32(at);
  }
}
