/** A reader that goes away while a frame is being coded. */
import { describe, test } from "bun:test";
import { equal, rejects } from "node:assert/strict";
import type { Bytes, Message } from "../../src/types.ts";
import { compress } from "../../streams/compress.ts";
import type { Codec } from "../../streams/stage.ts";

/** A codec that never comes to an end, and tells when it begins and why it was given up. */
function endless(): {
  codec: Codec;
  begun: Promise<void>;
  given: Promise<unknown>;
} {
  let begin!: () => void;
  let give!: (reason: unknown) => void;
  const begun = new Promise<void>((resolve) => begin = resolve);
  const given = new Promise<unknown>((resolve) => give = resolve);
  const stream = (): TransformStream<Bytes, Bytes> => ({
    writable: new WritableStream(),
    readable: new ReadableStream({
      pull: () => (begin(), new Promise<void>(() => {})),
      cancel: give,
    }, { highWaterMark: 0 }),
  });
  const codec = { name: "endless", encoder: stream, decoder: stream };
  return { codec, begun, given };
}

const message: Message = {
  header: { serializer: "bytes" },
  frames: [new Uint8Array(20_000)],
};
const coded: Message = {
  header: { serializer: "bytes", compression: ["endless"] },
  frames: [new Uint8Array(20)],
};

describe("a frame that nobody wants any more", () => {
  for (const side of ["encoder", "decoder"] as const) {
    test(`stops the ${side}`, async () => {
      const { codec, begun, given } = endless();
      const stream = compress(codec)[side]();
      const writer = stream.writable.getWriter();
      const written = writer.write(side === "encoder" ? message : coded);
      written.catch(() => {});
      const reader = stream.readable.getReader();
      const read = reader.read();
      await begun;
      const reason = new Error("gone");
      await reader.cancel(reason);
      equal(await given, reason);
      equal((await read).done, true);
      await rejects(writer.closed, (error) => error === reason);
    });
  }
});
