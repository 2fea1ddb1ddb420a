import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { type Bytes, codecOf } from "../../mod.ts";
import { PacedStream } from "../../streams/_paced_stream.ts";

/** Chunks as they are asked for, and how many were. */
function counted(count: number, failure?: Error) {
  const told = { pulled: 0, cancelled: undefined as unknown };
  const stream = new ReadableStream<Bytes>({
    pull(controller) {
      if (told.pulled === count) {
        return failure ? controller.error(failure) : controller.close();
      }
      controller.enqueue(Uint8Array.of(told.pulled++));
    },
    cancel: (reason) => void (told.cancelled = reason),
  }, { highWaterMark: 0 });
  return { stream, told };
}

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** A coder that works elsewhere, and tells when it has been given something. */
function slow() {
  const given: number[] = [];
  let go = () => {};
  const stream = new PacedStream((emit) => ({
    async write([byte]) {
      given.push(byte!);
      await new Promise<void>((resolve) => go = resolve);
      await emit(Uint8Array.of(byte!));
    },
    end: () => Promise.resolve(),
    close: () => go(),
  }), 2);
  return { stream, given, go: () => go() };
}

describe("an encoder", () => {
  test("has the next chunk made while it codes one, and no more", async () => {
    const { stream, told } = counted(9);
    const coder = slow();
    const reader = stream.pipeThrough(coder.stream).getReader();
    for (let i = 0; i < 4; i++) {
      const read = reader.read();
      await pause(2);
      deepEqual([coder.given.length, told.pulled], [i + 1, i + 2]);
      coder.go();
      deepEqual((await read).value, Uint8Array.of(i));
    }
    await reader.cancel("enough");
    await pause(2);
    equal(told.cancelled, "enough");
    ok(told.pulled <= 6, `${told.pulled} pulled`);
  });

  test("codes what came before its source failed", async () => {
    const failure = new Error("the disk is gone");
    const { stream } = counted(3, failure);
    const coder = slow();
    const reader = stream.pipeThrough(coder.stream).getReader();
    for (let i = 0; i < 3; i++) {
      const read = reader.read();
      await pause(2);
      coder.go();
      deepEqual((await read).value, Uint8Array.of(i));
    }
    await rejects(reader.read(), (error) => error === failure);
  });

  for (const name of ["gzip", "deflate", "brotli", "zstd"]) {
    test(`is such a one: ${name}`, async () => {
      const { stream, told } = counted(9);
      const coded = stream.pipeThrough(codecOf(name).encoder());
      await pause(2);
      equal(told.pulled, 2);
      await coded.cancel();
    });
  }
});
