import {
  FormatError,
  SerializeError,
  UnknownNameError,
} from "../../src/errors.ts";
import { ElementParser } from "../../src/json/elements.ts";
import { tagDecoder } from "../../src/prefect/decode.ts";
import { defaultClasses } from "../../src/prefect/default_classes.ts";
import { type JsonReading, readJson } from "../../src/prefect/read.ts";
import { PythonWriter, type PythonWriting } from "../../src/prefect/writer.ts";
import type { Bytes } from "../../src/types.ts";
import { DocumentPuller } from "../_document_puller.ts";
import { valuesStream } from "../_json_decoder_stream.ts";
import { PullStream } from "../_pull_stream.ts";
import type { Stage } from "../stage.ts";
import { ItemsPuller } from "./_items.ts";
import { WholeStream } from "./_whole.ts";
import type { JsonLibrary, Keywords, PrefectLibraries } from "./libraries.ts";
import { DECODER, ENCODER } from "../../src/prefect/config.ts";
import type { SerializerOptions } from "./types.ts";

const MAX_DEPTH = 1000;
export const MAX_BYTES = 500_000_000;

/** The settings of a `json` serializer. */
export interface JsonConfig {
  readonly jsonlib: string;
  readonly object_encoder: string | null;
  readonly object_decoder: string | null;
  readonly dumps_kwargs: Keywords;
  readonly loads_kwargs: Keywords;
}

type Options = SerializerOptions & { readonly libraries: PrefectLibraries };

/** Values to JSON as Python writes it. As in Python, the libraries are looked for only when something is written or read. */
export function jsonStage(
  config: JsonConfig,
  options: Options,
): Stage<unknown, Bytes> {
  const { maxBytes = MAX_BYTES } = options;
  return {
    name: "json",
    encoder() {
      const writing = writingOf(config, options);
      return new PullStream(
        new DocumentPuller((value) => new PythonWriter(value, writing)),
      );
    },
    decoder() {
      const reading = readingOf(config, options);
      return new WholeStream(
        "json",
        maxBytes,
        (text) => readJson(text, reading),
      );
    },
  };
}

/** Items to one list, and back. */
export function jsonItems(
  config: JsonConfig,
  options: Options,
): Stage<unknown, Bytes> {
  const { maxBytes = MAX_BYTES, maxDepth = MAX_DEPTH } = options;
  return {
    name: "json",
    encoder: () => new PullStream(new ItemsPuller(writingOf(config, options))),
    decoder() {
      const reading = readingOf(config, options);
      const limits = { maxDepth, maxValueBytes: maxBytes };
      return valuesStream(
        new ElementParser(
          "json",
          [],
          limits,
          (text) => readJson(text, reading),
        ),
      );
    },
  };
}

function libraryOf(
  { jsonlib }: JsonConfig,
  { libraries }: Options,
): JsonLibrary {
  const library = libraries.json(jsonlib);
  if (library) return library;
  throw new UnknownNameError("a JSON library", jsonlib, ["json"]);
}

function writingOf(config: JsonConfig, options: Options): PythonWriting {
  const { object_encoder: name, object_decoder: decoder } = config;
  const encoder = name === null || name === ENCODER
    ? undefined
    : options.libraries.encoder(name);
  if (name !== null && name !== ENCODER && !encoder) {
    throw new UnknownNameError("an object encoder", name, [ENCODER]);
  }
  return {
    format: libraryOf(config, options).format(config.dumps_kwargs),
    classes: options.classes ?? defaultClasses,
    lossy: options.lossy ?? false,
    maxDepth: options.maxDepth ?? MAX_DEPTH,
    encoder: name === null ? null : encoder && checked(encoder),
    tagsAreData: decoder !== DECODER,
  };
}

/** An encoder that gives back what it got would be asked again without an end. */
function checked(
  encode: (value: unknown) => unknown,
): (value: unknown) => unknown {
  return (value) => {
    const encoded = encode(value);
    if (encoded !== value) return encoded;
    throw new SerializeError("the object encoder gave it back as it was", "$");
  };
}

function readingOf(config: JsonConfig, options: Options): JsonReading {
  const { object_decoder: name } = config;
  const library = libraryOf(config, options);
  const { strict } = library.reading(config.loads_kwargs);
  if (name !== null && !library.hasDecoder) {
    const message = `${config.jsonlib} takes no object decoder: set it to null`;
    throw new FormatError("serializer", message);
  }
  const classes = options.classes ?? defaultClasses;
  const isOwn = name === DECODER;
  const decoder = name === null
    ? undefined
    : isOwn
    ? tagDecoder(classes, options)
    : options.libraries.decoder(name);
  if (name !== null && !decoder) {
    throw new UnknownNameError("an object decoder", name, [DECODER]);
  }
  return {
    integers: options.integers,
    floats: options.floats,
    dicts: options.dicts,
    datetimes: options.datetimes,
    strict,
    maxDepth: options.maxDepth ?? MAX_DEPTH,
    decoder: decoder as JsonReading["decoder"],
    tagsOnly: isOwn,
  };
}
