import { FormatError } from "./errors.ts";
import { told } from "./told.ts";
import type { Header } from "./types.ts";

const STAGE = "deserialize";

/** The family of a message of values, if its frames are as the family wrote them. */
export function familyNameOf(header: Header): string {
  const { serializer, stream } = header;
  if (stream !== undefined) {
    throw new FormatError(
      STAGE,
      `the message is a part of stream ${
        told(stream)
      } inside a value: serializeLive() reads it`,
    );
  }
  // Python may say that there is none.
  const compression = header.compression ?? [];
  if (!Array.isArray(compression)) {
    throw new FormatError(STAGE, "the codecs of frames are no list");
  }
  const codec = compression.find(Boolean);
  if (codec) {
    throw new FormatError(
      STAGE,
      `a frame is compressed with ${
        told(codec)
      }: a compress() stage has to come first`,
    );
  }
  if (typeof serializer === "string") return serializer;
  throw new FormatError(STAGE, "the header names no family");
}

/** In place of what takes a value apart at once. */
export function refuseAtOnce(): never {
  throw new TypeError("its parts have to be waited for: serializeLive() does");
}
