/** Others who take values of JavaScript's types to bytes and back, each as it is meant to be used for that. */
import { Encoder } from "cbor-x";
import * as devalue from "devalue";
import { Packr } from "msgpackr";
import * as seroval from "seroval";
import * as superjson from "superjson";
import { concat } from "../src/bytes.ts";
import { defaultRegistry } from "../src/default_registry.ts";
import type { Bytes } from "../src/types.ts";
import { packFrames, unpackFrames } from "../src/wire/frames.ts";

/** What is compared: value to bytes, and back. */
export interface Rival<Encoded = Uint8Array> {
  encode(value: unknown): Encoded;
  decode(encoded: Encoded): unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text formats pay for UTF-8, as they would anywhere. */
function ofText(
  stringify: (value: unknown) => string,
  parse: (text: string) => unknown,
): Rival {
  return {
    encode: (value) => encoder.encode(stringify(value)),
    decode: (bytes) => parse(decoder.decode(bytes)),
  };
}

/** One message of a family, with its header and checksum. */
export function brine(family: "json" | "msgpack"): Rival {
  return {
    encode: (value) =>
      concat(packFrames(defaultRegistry.serialize(value, { family }))),
    decode: (bytes) =>
      defaultRegistry.deserialize(unpackFrames(bytes as Bytes)),
  };
}

export const nativeJson: Rival = ofText(JSON.stringify, JSON.parse);

const packr = new Packr({ structuredClone: true });
const cbor = new Encoder({ structuredClone: true });

export const rivals: Readonly<Record<string, Rival>> = {
  msgpackr: {
    encode: (value) => packr.pack(value),
    decode: (bytes) => packr.unpack(bytes),
  },
  "cbor-x": {
    encode: (value) => cbor.encode(value),
    decode: (bytes) => cbor.decode(bytes),
  },
  devalue: ofText(devalue.stringify, devalue.parse),
  seroval: ofText(
    (value) => JSON.stringify(seroval.toJSON(value)),
    (text) => seroval.fromJSON(JSON.parse(text)),
  ),
  superjson: ofText(superjson.stringify, superjson.parse),
};
