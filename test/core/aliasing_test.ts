import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import {
  type Bytes,
  defaultRegistry,
  messages,
  packFrames,
  unpackFrames,
} from "../../mod.ts";
import { concat } from "../../src/bytes.ts";
import { streamOf } from "../json/_helpers.ts";
import { FAMILIES } from "./_ways.ts";

/** 100 MB, of which a few elements are looked at. */
const LARGE = 12_500_000;
const marks = [0, 1, LARGE >> 1, LARGE - 1];

function large(): Float64Array<ArrayBuffer> {
  const array = new Float64Array(LARGE);
  for (const i of marks) array[i] = i + 0.5;
  return array;
}

function isUnchanged(array: Float64Array<ArrayBuffer>): void {
  equal(array.length, LARGE);
  equal(array.buffer.byteLength, 8 * LARGE);
  for (const i of marks) equal(array[i], i + 0.5);
}

/** An assertion that shows both sides would take minutes to show these. */
function isSame(actual: unknown, expected: unknown): void {
  ok(actual === expected, "it was copied");
}

for (const family of FAMILIES) {
  describe(`bytes are not copied, ${family}`, () => {
    test("by serialize, packFrames and deserialize: 100 MB", () => {
      const array = large();
      const message = defaultRegistry.serialize({ array }, { family });
      const [, frame] = message.frames;
      isSame(frame!.buffer, array.buffer);
      equal(frame!.byteOffset, 0);
      equal(frame!.byteLength, 8 * LARGE);
      isSame(packFrames(message).at(-1), frame);
      const back = defaultRegistry.deserialize(message) as {
        array: Float64Array;
      };
      isSame(back.array.buffer, array.buffer);
      equal(back.array.length, LARGE);
      isUnchanged(array);
    });

    test("by a stream, which sends views of the input: 100 MB", async () => {
      const array = large();
      let aliased = 0;
      const chunks = streamOf([array]).pipeThrough(
        messages({ family }).encoder(),
      );
      for await (const chunk of chunks) {
        if (chunk.buffer === array.buffer) aliased += chunk.length;
        else ok(chunk.length < 10_000);
      }
      equal(aliased, 8 * LARGE);
      isUnchanged(array);
    });

    test("of a view, only what it shows is sent", () => {
      const { buffer } = Uint8Array.from({ length: 100 }, (_, i) => i);
      const views = [
        new Uint8Array(buffer, 3, 7),
        new Float32Array(buffer, 40, 2),
        new DataView(buffer, 99, 1),
      ];
      for (const view of views) {
        const { frames } = defaultRegistry.serialize(view, { family });
        equal(frames.length, 2);
        isSame(frames[1]!.buffer, buffer);
        equal(frames[1]!.byteOffset, view.byteOffset);
        equal(frames[1]!.byteLength, view.byteLength);
      }
    });

    test("of an ArrayBuffer", () => {
      const buffer = new ArrayBuffer(16);
      const { frames } = defaultRegistry.serialize([buffer], { family });
      isSame(frames[1]!.buffer, buffer);
    });

    test("in a message that was unpacked, if they are aligned", () => {
      const array = new Float64Array([1, 2, 3]);
      const packed = concat(
        packFrames(defaultRegistry.serialize(array, { family })),
      );
      const end = packed.length;
      for (let shift = 0; shift < 8; shift++) {
        const bytes: Bytes = new Uint8Array(end + 8).subarray(
          shift,
          shift + end,
        );
        bytes.set(packed);
        const back = defaultRegistry.deserialize(unpackFrames(bytes));
        deepEqual(back, array);
        const aligned = (shift + end - array.byteLength) % 8 === 0;
        equal((back as Float64Array).buffer === bytes.buffer, aligned);
      }
    });
  });

  describe(`what is handed in is not changed, ${family}`, () => {
    test("neither values nor messages", () => {
      const make = () => ({
        list: [1, , { $Date: [0] }].filter(Boolean),
        map: new Map([["a", [undefined, new Date(0)]]]),
        bytes: Uint8Array.of(1, 2, 3),
      });
      const value = make();
      const message = defaultRegistry.serialize(value, { family });
      deepEqual(value, make());
      const copy = structuredClone(message);
      for (let i = 0; i < 2; i++) {
        deepEqual(defaultRegistry.deserialize(message), make());
        deepEqual(message, copy);
      }
      unpackFrames(concat(packFrames(message)));
      deepEqual(message, copy);
    });
  });
}
