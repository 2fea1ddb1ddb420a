/**
 * Prefect's serializers.
 *
 * @module
 */
import {
  demand,
  FIELDS,
  invalid,
  InvalidSetting,
  readFields,
} from "../../src/prefect/config.ts";
import { told } from "../../src/told.ts";
import type { Bytes } from "../../src/types.ts";
import { PullStream } from "../_pull_stream.ts";
import { pipe, type Stage } from "../stage.ts";
import { type JsonConfig, jsonItems, jsonStage, MAX_BYTES } from "./_json.ts";
import { mime } from "./_mime.ts";
import { Pipeline } from "./_pipeline.ts";
import { unknownSerializer } from "./_unknown.ts";
import { WholeStream } from "./_whole.ts";
import { prefectLibraries } from "./default_libraries.ts";
import type { PickleLibrary, PrefectLibraries } from "./libraries.ts";
import type {
  Serializer,
  SerializerConfig,
  SerializerOptions,
} from "./types.ts";

type Options = SerializerOptions & { readonly libraries: PrefectLibraries };

/**
 * A serializer as Prefect has it: a pipeline from a value to a blob, with the settings that Prefect stores.
 *
 * - `json`: Python's JSON, with tags for values that JSON has no word for.
 * - `pickle`: a pickle, in base64.
 * - `compressed`: another serializer, compressed, in base64; `compressed/json` and `compressed/pickle` say which.
 *
 * `dumps` and `loads` are the streams with one item. The encoders of JSON take values with promises, async iterables and
 * `ReadableStream`s in them, and write them piece by piece.
 *
 * @param config A type; or settings, as Prefect stores them; or a serializer, which is given back.
 * @param options What Prefect does not store.
 * @returns The serializer.
 * @throws {FormatError} If Prefect would not accept the settings, in its words.
 *
 * @example
 * ```ts
 * import { serializer } from "@brine/brine/prefect";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const json = serializer("json");
 * equal(new TextDecoder().decode(await json.dumps({ pi: 3.5, on: [true] })), '{"pi": 3.5, "on": [true]}');
 *
 * const packed = serializer({ type: "compressed/pickle", compressionlib: "zlib" });
 * deepEqual(await packed.loads(await packed.dumps({ seen: new Set([1n]) })), { seen: new Set([1]) });
 * deepEqual(serializer(packed.toJSON()).toJSON(), packed.toJSON());
 * ```
 */
export function serializer(
  config: string | SerializerConfig | Serializer,
  options: SerializerOptions = {},
): Serializer {
  if (isSerializer(config)) return config;
  const settings = typeof config === "string" ? { type: config } : config;
  if (typeof settings !== "object" || settings === null) {
    throw invalid(`Input should be a serializer, not ${told(settings)}`);
  }
  const { type } = settings;
  if (type === undefined) throw invalid("Field required", "type");
  if (type === null) throw invalid("Input should be a valid string", "type");
  const all = { ...options, libraries: options.libraries ?? prefectLibraries };
  const custom = all.libraries.serializer(type);
  if (custom) return custom(settings, all);
  const make = TYPES.get(type);
  if (make) return make(settings, all);
  const isKept = options.keepsUnknown && typeof type === "string";
  if (isKept || type === UNKNOWN) return unknownSerializer(settings);
  const key = typeof type === "string" ? `'${type}'` : told(type);
  throw invalid(
    `No class found for dispatch key ${key} in registry for type 'Serializer'.`,
    "type",
  );
}

function isSerializer(config: unknown): config is Serializer {
  return typeof config === "object" && config !== null && "dumps" in config &&
    "encoder" in config;
}

/** Prefect's own name for what it does not know. */
const UNKNOWN = "__unknown__";

type Make = (config: SerializerConfig, options: Options) => Serializer;

const TYPES: ReadonlyMap<string, Make> = new Map<string, Make>([
  ["json", jsonSerializer],
  ["pickle", pickleSerializer],
  ["compressed", (config, options) => compressed(config, options, undefined)],
  ["compressed/json", (config, options) => compressed(config, options, "json")],
  [
    "compressed/pickle",
    (config, options) => compressed(config, options, "pickle"),
  ],
]);

function jsonSerializer(
  config: SerializerConfig,
  options: Options,
): Serializer {
  const fields = readFields(config, FIELDS.json) as
    & SerializerConfig
    & JsonConfig;
  return new Pipeline(
    fields,
    jsonStage(fields, options),
    () => jsonItems(fields, options),
  );
}

function pickleSerializer(
  config: SerializerConfig,
  options: Options,
): Serializer {
  const fields = readFields(config, FIELDS.pickle) as SerializerConfig;
  const name = fields.picklelib as string;
  const library = demand(options.libraries.pickle(name), "pickle", name);
  const stage = pipe(pickleStage(library, options), mime);
  return new Pipeline(fields, stage, () => {
    throw new TypeError("Cannot take the items of a pickle one by one");
  });
}

function pickleStage(
  library: PickleLibrary,
  options: Options,
): Stage<unknown, Bytes> {
  const { maxBytes = MAX_BYTES, integers, floats, datetimes } = options;
  const all = { integers, floats, datetimes, ...options.pickle };
  return {
    name: "pickle",
    encoder: () =>
      new PullStream(new OneToOne((value) => library.dumps(value, all))),
    decoder: () =>
      new WholeStream("pickle", maxBytes, (bytes) => library.loads(bytes, all)),
  };
}

/** Makes one thing of each. */
class OneToOne<In, Out> {
  #next: Out[] | undefined;

  constructor(readonly make: (input: In) => Out) {}

  push(input: In): void {
    this.#next = [this.make(input)];
  }

  end(): void {}

  next(): Out[] | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}

function compressed(
  config: SerializerConfig,
  options: Options,
  inner: string | undefined,
): Serializer {
  const fields = readFields(config, FIELDS.compressed);
  const given = fields.serializer ?? inner;
  if (given === undefined) {
    throw invalid("Field required (serializer)", "serializer");
  }
  const of = innerOf(given as string, options);
  const name = fields.compressionlib as string;
  const library = demand(
    options.libraries.compression(name),
    "compression",
    name,
  );
  const codec = library(options.level);
  return new Pipeline(
    { ...fields, serializer: of.toJSON() } as unknown as SerializerConfig,
    pipe(of, codec, mime),
    () => pipe(of.items(), codec, mime),
  );
}

/** The serializer inside another; what is wrong with it is said of that field. */
function innerOf(given: string, options: Options): Serializer {
  try {
    return serializer(given, options);
  } catch (error) {
    throw error instanceof InvalidSetting ? error.within("serializer") : error;
  }
}
