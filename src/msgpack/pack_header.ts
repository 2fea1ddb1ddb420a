const encoder = new TextEncoder();

/**
 * Packs a header: text, numbers, booleans, `null`, bytes, arrays and plain objects, as `@msgpack/msgpack` packs them. Headers
 * are on every wire, so those who bundle JSON need not have all of msgpack with it.
 *
 * @throws {TypeError} If it holds anything else, or more levels than that.
 */
export function packHeader(header: unknown, maxDepth: number): Uint8Array {
  const out: number[] = [];
  pack(header, maxDepth, out);
  return Uint8Array.from(out);
}

function pack(value: unknown, depth: number, out: number[]): void {
  switch (typeof value) {
    case "undefined":
      return void out.push(0xc0);
    case "boolean":
      return void out.push(value ? 0xc3 : 0xc2);
    case "number":
      return packNumber(value, out);
    case "string":
      return packText(value, out);
    case "object":
      return value === null
        ? void out.push(0xc0)
        : packObject(value, depth, out);
  }
  throw new TypeError(`a header holds no ${typeof value}`);
}

function packText(text: string, out: number[]): void {
  const start = out.length;
  head(text.length, TEXT, out);
  // Most text of a header is short, and ASCII: an encoder's call takes longer than it does.
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) {
      out.length = start;
      return packWide(text, out);
    }
    out.push(unit);
  }
}

function packWide(text: string, out: number[]): void {
  if (/\p{Surrogate}/u.test(text)) {
    throw new TypeError("a header's text holds half a surrogate pair");
  }
  const bytes = encoder.encode(text);
  head(bytes.length, TEXT, out);
  append(bytes, out);
}

function packObject(value: object, depth: number, out: number[]): void {
  if (depth === 0) throw new TypeError("a header is not as deep");
  if (value instanceof Uint8Array) {
    head(value.length, [0, 0, 0xc4, 0xc5, 0xc6], out);
    append(value, out);
  } else if (Array.isArray(value)) {
    head(value.length, [0x90, 16, 0, 0xdc, 0xdd], out);
    for (const item of value) pack(item, depth - 1, out);
  } else {
    const prototype = Object.getPrototypeOf(value);
    if (prototype && prototype !== Object.prototype) {
      throw new TypeError("a header holds plain objects only");
    }
    const entries = Object.entries(value);
    head(entries.length, [0x80, 16, 0, 0xde, 0xdf], out);
    for (const [key, item] of entries) {
      pack(key, depth, out);
      pack(item, depth - 1, out);
    }
  }
}

type Heads = readonly [
  fixed: number,
  below: number,
  one: number,
  two: number,
  four: number,
];

const TEXT: Heads = [0xa0, 32, 0xd9, 0xda, 0xdb];

/** The head of what has a count: with it inside, or in as few bytes as it takes behind. */
function head(
  count: number,
  [fixed, below, one, two, four]: Heads,
  out: number[],
): void {
  if (count < below) out.push(fixed | count);
  else if (one && count < 0x100) out.push(one, count);
  else if (count < 0x10000) out.push(two, count >> 8, count);
  else {
    out.push(four);
    push32(count, out);
  }
}

/** A number in as few bytes as it takes; what is over in a byte is cut off in the end. */
function packNumber(value: number, out: number[]): void {
  if (!Number.isSafeInteger(value)) {
    out.push(0xcb);
    return append(new Uint8Array(Float64Array.of(value).buffer).reverse(), out);
  }
  const size = value < 0 ? -2 * value - 1 : value;
  const first = value < 0 ? 0xd0 : 0xcc;
  if (value >= -0x20 && value < 0x80) out.push(value);
  else if (size < 0x100) out.push(first, value);
  else if (size < 0x10000) out.push(first + 1, value >> 8, value);
  else {
    const isWide = size >= 2 ** 32;
    out.push(first + (isWide ? 3 : 2));
    if (isWide) push32(Math.floor(value / 2 ** 32), out);
    push32(value, out);
  }
}

function push32(value: number, out: number[]): void {
  out.push(value >> 24, value >> 16, value >> 8, value);
}

function append(bytes: Uint8Array, out: number[]): void {
  for (const byte of bytes) out.push(byte);
}
