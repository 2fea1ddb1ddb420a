import { describe, test } from "bun:test";
import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import {
  blobSource,
  type Bytes,
  defaultRegistry,
  dumps,
  type Family,
  familyOf,
  frames,
  lazyFamily,
  loads,
  messageBatches,
  messages,
  open,
  pipe,
  Registry,
  serializeLive,
  type Stage,
} from "../../mod.ts";
import { collect, streamOf } from "../../streams/_collect.ts";

const text: Family = familyOf("text", {
  serialize: (value) => ({ frames: [new TextEncoder().encode(String(value))] }),
  deserialize: ({ frames: [first] }) => new TextDecoder().decode(first),
});

/** A registry with the family still to be loaded, and how often that was done. */
function lazily(load: () => Promise<Family> = () => Promise.resolve(text)) {
  const told = { loads: 0 };
  const family = lazyFamily("text", () => {
    told.loads++;
    return load();
  });
  const registry = new Registry(defaultRegistry).addFamily(family);
  return { registry, family, told };
}

const written = await dumps(["a", "b"], messageBatches(textOptions()));

function textOptions() {
  const registry = new Registry(defaultRegistry).addFamily(text);
  return { registry, family: "text" };
}

describe("a family that is loaded when it is needed", () => {
  test("is not loaded for others", async () => {
    const { registry, told } = lazily();
    const stage = messages({ registry });
    equal(await loads(await dumps(1n, stage), stage), 1n);
    equal(told.loads, 0);
  });

  test("is loaded once by what writes", async () => {
    const { registry, told } = lazily();
    for (const _ of [1, 2]) {
      const options = { registry, family: "text" };
      deepEqual(await dumps(["a", "b"], messageBatches(options)), written);
    }
    equal(told.loads, 1);
  });

  test("is loaded once by what reads", async () => {
    const { registry, told } = lazily();
    const read = (stage: Stage<unknown, Bytes>) =>
      collect(streamOf([written]).pipeThrough(stage.decoder()));
    deepEqual(await read(messages({ registry })), ["a", "b"]);
    deepEqual(await read(messageBatches({ registry })), [["a"], ["b"]]);
    equal(told.loads, 1);
  });

  test("is loaded once by several at a time", async () => {
    const { registry, told } = lazily();
    const stage = messageBatches({ registry, family: "text" });
    const write = () => dumps(["a", "b"], stage);
    deepEqual(await Promise.all([write(), write()]), [written, written]);
    equal(told.loads, 1);
  });

  test("is loaded by what opens a file", async () => {
    const { registry, told } = lazily();
    const file = await open(blobSource(new Blob([written])), { registry });
    deepEqual(await collect(file.values(1)), ["b"]);
    equal(told.loads, 1);
  });

  test("is loaded by live values, both ways", async () => {
    const [near, far] = [lazily(), lazily()];
    const { registry, family } = near;
    const writer = pipe(serializeLive({ registry, family }), frames());
    const reader = pipe(serializeLive({ registry: far.registry }), frames());
    const bytes = streamOf(["a", "b"]).pipeThrough(writer.encoder());
    deepEqual(await collect(bytes.pipeThrough(reader.decoder())), ["a", "b"]);
    deepEqual([near.told.loads, far.told.loads], [1, 1]);
  });

  test("is asked for where nothing can wait", async () => {
    const { registry, family, told } = lazily();
    const message = textOptions().registry.serialize("a", { family: "text" });
    const error = { name: "TypeError", message: /"text" is not loaded: await/ };
    throws(() => registry.serialize("a", { family: "text" }), error);
    throws(() => registry.deserialize(message), error);
    await registry.load(message);
    deepEqual(registry.serialize("a", { family: "text" }), message);
    equal(registry.deserialize(message), "a");
    equal(family.load!(), undefined);
    equal(told.loads, 1);
  });

  test("fails the stream if it cannot be loaded, and may be the next time", async () => {
    let offline = true;
    const failure = new TypeError("offline");
    const { registry } = lazily(() =>
      offline ? Promise.reject(failure) : Promise.resolve(text)
    );
    const same = (error: unknown) => error === failure;
    const options = { registry, family: "text" };
    const live = pipe(serializeLive(options), frames());
    for (const stage of [messages(options), live]) {
      await rejects(dumps("a", stage), same);
      await rejects(loads(written, stage), same);
    }
    offline = false;
    equal(await loads(await dumps("a", live), live), "a");
  });
});
