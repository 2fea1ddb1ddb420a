import { Decoder, EXT_TIMESTAMP, ExtensionCodec } from "@msgpack/msgpack";

/** A decoder that keeps to what there is a value for: no unknown extensions, no times that no `Date` can tell. */
export function decoderOf(options: { useBigInt64: boolean }): Decoder {
  const decoder = new Decoder({ ...options, extensionCodec: new TimeOnly() });
  return keepingMarks(decoder);
}

class TimeOnly extends ExtensionCodec {
  override decode(data: Uint8Array, type: number, context: undefined): unknown {
    if (type !== EXT_TIMESTAMP) {
      throw new TypeError(`extension type ${type} is not known`);
    }
    const time = super.decode(data, type, context) as Date;
    if (!Number.isNaN(time.getTime())) return time;
    throw new RangeError("a time is beyond what a Date can tell");
  }
}

/** What of a decoder reads text. */
interface TextReader {
  readonly bytes: Uint8Array;
  pos: number;
  decodeUtf8String(byteLength: number, headerOffset: number): string;
}

const MARK = [0xef, 0xbb, 0xbf];
const text = new TextDecoder("utf-8", { ignoreBOM: true });

/** `@msgpack/msgpack` drops a byte order mark with which longer text begins, so such text is read here. */
function keepingMarks(decoder: Decoder): Decoder {
  const reader = decoder as unknown as TextReader;
  const { decodeUtf8String } = reader;
  reader.decodeUtf8String = function (byteLength, headerOffset) {
    const start = this.pos + headerOffset;
    if (byteLength < 3 || !MARK.every((b, i) => this.bytes[start + i] === b)) {
      return decodeUtf8String.call(this, byteLength, headerOffset);
    }
    this.pos = start + byteLength;
    return text.decode(this.bytes.subarray(start, start + byteLength));
  };
  return decoder;
}
