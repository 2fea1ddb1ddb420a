/** A typed array of 100 MB as a message, and on the wire. */
import { equal } from "node:assert/strict";
import { bytesOf } from "../src/bytes.ts";
import { defaultRegistry } from "../src/default_registry.ts";
import { messages } from "../streams/presets.ts";
import { streamOf } from "./_data.ts";
import { type Case, detailOf, race } from "./_measure.ts";

export const floats: Case = async ({ quick }) => {
  const value = new Float64Array(quick ? 10_000 : 12_500_000);
  for (let i = 0; i < value.length; i++) value[i] = Math.sin(i);
  const bytes = bytesOf(value);
  const target = new Uint8Array(bytes.length).fill(1);

  const { frames } = defaultRegistry.serialize(value);
  equal(frames[1]!.buffer, value.buffer, "a frame is a copy");
  equal(frames[1]!.length, bytes.length);
  const last = target.length - 1;
  const times = await race(quick ? 1 : 15, {
    memcpy() {
      target.set(bytes);
      return target[last];
    },
    serialize: () => defaultRegistry.serialize(value).frames[1]![last],
    async wire() {
      let length = 0;
      const sink = new WritableStream<Uint8Array>({
        write: (chunk) => void (length += chunk.length),
      });
      await streamOf([value]).pipeThrough(messages().encoder()).pipeTo(sink);
      equal(length > bytes.length, true, "not all of it was written");
      return bytes[last];
    },
  });
  return [
    {
      name: "Float64Array of 100 MB: time to serialize, against memcpy",
      value: times.serialize / times.memcpy,
      unit: "x",
      atMost: 0.1,
      detail: detailOf(times),
    },
    {
      name: "Float64Array of 100 MB → wire: time against memcpy",
      value: times.wire / times.memcpy,
      unit: "x",
      atMost: 1.5,
    },
  ];
};
