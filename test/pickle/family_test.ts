import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { Registry } from "../../src/registry.ts";
import { FormatError } from "../../src/errors.ts";
import { NdArray, pickle } from "../../src/pickle/mod.ts";

describe("the family pickle", () => {
  const registry = new Registry().addFamily(pickle());

  test("has the header that distributed has, and arrays as frames", () => {
    const data = new Float64Array([1, 2, 3]);
    const message = registry.serialize({ data, n: 1 }, { family: "pickle" });
    deepEqual(message.header, { serializer: "pickle", writeable: [true] });
    equal(message.frames.length, 2);
    equal(message.frames[1]!.buffer, data.buffer);
    const back = registry.deserialize(message) as Record<string, unknown>;
    equal(back.n, 1);
    ok(back.data instanceof NdArray);
    deepEqual(back.data.toTypedArray(), data);
  });

  test("is one frame in an older protocol, and for plain data", () => {
    const old = pickle({ dumps: { protocol: 4 } });
    const { header, frames } = registry.serialize(new Float32Array(4), {
      family: old,
    });
    deepEqual(header, { serializer: "pickle", writeable: [] });
    equal(frames.length, 1);
    const plain = registry.serialize([1, "a"], { family: "pickle" });
    equal(plain.frames.length, 1);
    deepEqual(registry.deserialize(plain), [1, "a"]);
  });

  test("needs a frame, and as many buffers as the pickle asks for", () => {
    const header = { serializer: "pickle", writeable: [] };
    throws(() => registry.deserialize({ header, frames: [] }), FormatError);
    const { frames } = registry.serialize(new Int8Array(2), {
      family: "pickle",
    });
    throws(
      () => registry.deserialize({ header, frames: frames.slice(0, 1) }),
      FormatError,
    );
  });
});
