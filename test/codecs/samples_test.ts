/** Which frames are tried by samples first. */
import { describe, test } from "bun:test";
import { deepEqual } from "node:assert/strict";
import type { Bytes, Message } from "../../src/types.ts";
import { compress } from "../../streams/compress.ts";
import { lz4 } from "../../streams/lz4.ts";
import type { Codec } from "../../streams/stage.ts";
import { noise } from "./_runtime.ts";

const SHORT = 300_000;
const LONG = 600_000;
const SAMPLE = 50_000;

function messageOf(frame: Bytes): Message {
  return { header: { serializer: "bytes" }, frames: [frame] };
}

/** The sizes that the codec is asked to code. */
async function asked(messages: readonly Message[]): Promise<number[]> {
  const sizes: number[] = [];
  const { encoder, ...rest } = lz4();
  const codec: Codec = {
    ...rest,
    encoder(size) {
      sizes.push(size!);
      return encoder(size);
    },
  };
  const { readable, writable } = compress(codec).encoder();
  const writer = writable.getWriter();
  const reader = readable.getReader();
  for (const message of messages) {
    writer.write(message).catch(() => {});
    await reader.read();
  }
  return sizes;
}

describe("samples", () => {
  const zeros = messageOf(new Uint8Array(SHORT));
  const random = messageOf(noise(SHORT));

  test("are not taken of a short frame after a message for which it paid", async () => {
    deepEqual(await asked([zeros, zeros, random, random]), [
      SAMPLE,
      SHORT,
      SHORT,
      // It did pay for the last, so this one is tried as a whole; and the next is not.
      SHORT,
      SAMPLE,
    ]);
  });

  test("are taken of every long one", async () => {
    const long = messageOf(new Uint8Array(LONG));
    deepEqual(await asked([long, long]), [SAMPLE, LONG, SAMPLE, LONG]);
  });

  test("are taken where the message before had nothing to try", async () => {
    const small = messageOf(new Uint8Array(10));
    deepEqual(await asked([small, zeros]), [SAMPLE, SHORT]);
  });
});
