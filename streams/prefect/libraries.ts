/**
 * What the names in a serializer's settings stand for.
 *
 * @module
 */
import type { PickleDumpOptions } from "../../src/pickle/write_options.ts";
import type { PickleLoadOptions } from "../../src/pickle/options.ts";
import type { JsonFormat, Keywords } from "../../src/prefect/format.ts";
import type { Bytes } from "../../src/types.ts";
import type { Codec } from "../stage.ts";
import type {
  Serializer,
  SerializerConfig,
  SerializerOptions,
} from "./types.ts";

export type { JsonFormat, Keywords };

/** Options of a pickle library, both ways. */
export interface PickleOptions extends PickleLoadOptions, PickleDumpOptions {}

/** What `picklelib` names. */
export interface PickleLibrary {
  /** The pickle of a value. */
  dumps(value: unknown, options: PickleOptions): Bytes;
  /** The value of a pickle. */
  loads(pickle: Bytes, options: PickleOptions): unknown;
}

/** What `jsonlib` names. */
export interface JsonLibrary {
  /** How it writes, by its `dumps_kwargs`. */
  format(kwargs: Keywords): JsonFormat;
  /** How it reads, by its `loads_kwargs`. */
  reading(kwargs: Keywords): { readonly strict: boolean };
  /** Whether it can be given a decoder for objects. */
  readonly hasDecoder: boolean;
}

/** What `compressionlib` names: a codec, by the level that was asked for. */
export type CompressionLibrary = (level: number | undefined) => Codec;

/** Makes the serializer of a type. */
export type SerializerFactory = (
  config: SerializerConfig,
  options: SerializerOptions,
) => Serializer;

/** Modules of Python that are there, but do not do what is asked of them. */
const OTHERS = new Set(
  "abc array ast base64 binascii builtins collections copy csv datetime decimal enum functools hashlib io itertools logging lz4 math operator os os.path pathlib random re shutil struct sys tarfile time types typing uuid zipfile"
    .split(" "),
);

/**
 * What the names in a serializer's settings stand for. Nothing is imported: a name that is not in here is refused as Python
 * refuses a module that it does not have.
 *
 * @example A serializer and a compression of one's own
 * ```ts
 * import { deflateRaw } from "@brine/brine";
 * import { PrefectLibraries, prefectLibraries, serializer } from "@brine/brine/prefect";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const libraries = new PrefectLibraries(prefectLibraries)
 *   .addCompression("mine.raw", (level) => deflateRaw(level === undefined ? {} : { level }))
 *   .addSerializer("mine", (_config, options) => serializer("json", options));
 *
 * const raw = serializer({ type: "compressed/json", compressionlib: "mine.raw" }, { libraries });
 * deepEqual(await raw.loads(await raw.dumps({ a: 1 })), { a: 1 });
 * equal(serializer("mine", { libraries }).type, "json");
 * ```
 */
export class PrefectLibraries {
  readonly #serializers: Map<string, SerializerFactory>;
  readonly #pickle: Map<string, PickleLibrary>;
  readonly #json: Map<string, JsonLibrary>;
  readonly #compressions: Map<string, CompressionLibrary>;
  readonly #encoders: Map<string, (value: unknown) => unknown>;
  readonly #decoders: Map<string, (object: Record<string, unknown>) => unknown>;

  /**
   * Begins with what others have.
   *
   * @param base What to begin with; copied.
   */
  constructor(base?: PrefectLibraries) {
    this.#serializers = new Map(base ? base.#serializers : []);
    this.#pickle = new Map(base ? base.#pickle : []);
    this.#json = new Map(base ? base.#json : []);
    this.#compressions = new Map(base ? base.#compressions : []);
    this.#encoders = new Map(base ? base.#encoders : []);
    this.#decoders = new Map(base ? base.#decoders : []);
  }

  /**
   * Adds a type of serializers.
   *
   * @param type What `type` says.
   * @param factory Makes one.
   * @returns The libraries themselves.
   */
  addSerializer(type: string, factory: SerializerFactory): this {
    this.#serializers.set(type, factory);
    return this;
  }

  /**
   * Adds a compression.
   *
   * @param name What `compressionlib` says.
   * @param library Makes its codec.
   * @returns The libraries themselves.
   */
  addCompression(name: string, library: CompressionLibrary): this {
    this.#compressions.set(name, library);
    return this;
  }

  /**
   * Adds a pickle library.
   *
   * @param name What `picklelib` says.
   * @param library What it does.
   * @returns The libraries themselves.
   */
  addPickle(name: string, library: PickleLibrary): this {
    this.#pickle.set(name, library);
    return this;
  }

  /**
   * Adds a JSON library.
   *
   * @param name What `jsonlib` says.
   * @param library What it does.
   * @returns The libraries themselves.
   */
  addJson(name: string, library: JsonLibrary): this {
    this.#json.set(name, library);
    return this;
  }

  /**
   * Adds an encoder of objects: what is called for values that JSON has no word for.
   *
   * @param name What `object_encoder` says.
   * @param encode Gives something simpler.
   * @returns The libraries themselves.
   */
  addEncoder(name: string, encode: (value: unknown) => unknown): this {
    this.#encoders.set(name, encode);
    return this;
  }

  /**
   * Adds a decoder of objects: what is called for every object, the innermost first.
   *
   * @param name What `object_decoder` says.
   * @param decode Gives what it stands for; the object itself, if nothing else.
   * @returns The libraries themselves.
   */
  addDecoder(
    name: string,
    decode: (object: Record<string, unknown>) => unknown,
  ): this {
    this.#decoders.set(name, decode);
    return this;
  }

  /** The factory of a type, `undefined` if there is none. */
  serializer(type: string): SerializerFactory | undefined {
    return this.#serializers.get(type);
  }

  /** A compression; `null` for a module of Python that is none; `undefined` if the name is not known. */
  compression(name: string): CompressionLibrary | null | undefined {
    const isOther = OTHERS.has(name) || this.#pickle.has(name) ||
      this.#json.has(name);
    return this.#compressions.get(name) ?? (isOther ? null : undefined);
  }

  /** A pickle library; `null` for a module of Python that is none; `undefined` if the name is not known. */
  pickle(name: string): PickleLibrary | null | undefined {
    const isOther = OTHERS.has(name) || this.#compressions.has(name);
    return this.#pickle.get(name) ?? (isOther ? null : undefined);
  }

  /** A JSON library, `undefined` if the name is not known. */
  json(name: string): JsonLibrary | undefined {
    return this.#json.get(name);
  }

  /** An encoder of objects, `undefined` if the name is not known. */
  encoder(name: string): ((value: unknown) => unknown) | undefined {
    return this.#encoders.get(name);
  }

  /** A decoder of objects, `undefined` if the name is not known. */
  decoder(
    name: string,
  ): ((object: Record<string, unknown>) => unknown) | undefined {
    return this.#decoders.get(name);
  }

  /** The names of all compressions. */
  compressions(): Iterable<string> {
    return this.#compressions.keys();
  }
}
