import { FormatError, TruncatedError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import { collect, collectBytes, streamOf } from "../_collect.ts";
import type { Stage } from "../stage.ts";
import type { Serializer, SerializerConfig } from "./types.ts";

/** A stage with a name and settings. */
export class Pipeline implements Serializer {
  readonly type: string;
  readonly #stage: Stage<unknown, Bytes>;
  readonly #items: () => Stage<unknown, Bytes>;
  readonly #config: SerializerConfig;

  constructor(
    config: SerializerConfig,
    stage: Stage<unknown, Bytes>,
    items: () => Stage<unknown, Bytes>,
  ) {
    this.type = config.type;
    this.#stage = stage;
    this.#items = items;
    this.#config = config;
  }

  get name(): string {
    return this.type;
  }

  encoder(): TransformStream<unknown, Bytes> {
    return this.#stage.encoder();
  }

  decoder(): TransformStream<Bytes, unknown> {
    return this.#stage.decoder();
  }

  async dumps(value: unknown): Promise<Bytes> {
    const stream = streamOf([value]).pipeThrough(this.encoder());
    return await collectBytes(stream);
  }

  async loads(blob: Bytes): Promise<unknown> {
    if (!(blob instanceof Uint8Array)) {
      throw new TypeError("Cannot load a blob that is no Uint8Array");
    }
    const stream = streamOf([blob]).pipeThrough(this.decoder());
    const values = await collect(stream);
    if (values.length === 1) return values[0];
    throw values.length === 0
      ? new TruncatedError(this.type, "there is no value")
      : new FormatError(this.type, "there are several values");
  }

  items(): Stage<unknown, Bytes> {
    return this.#items();
  }

  toJSON(): SerializerConfig {
    return structuredClone(this.#config);
  }
}
