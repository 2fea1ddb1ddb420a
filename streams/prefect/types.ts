/**
 * What a serializer is.
 *
 * @module
 */
import type {
  PrefectClasses,
  PrefectValueOptions,
} from "../../src/prefect/classes.ts";
import type { Bytes } from "../../src/types.ts";
import type { Stage } from "../stage.ts";
import type { PickleOptions, PrefectLibraries } from "./libraries.ts";

/** What Prefect stores of a serializer, in its spelling. */
export interface SerializerConfig {
  /** Which serializer it is. */
  readonly type: string;
  /** Its settings. */
  readonly [field: string]: unknown;
}

/**
 * A pipeline from one value to one blob, with a name and settings that can be stored: what Prefect calls a serializer.
 *
 * @typeParam T The type of the value.
 */
export interface Serializer<T = unknown> extends Stage<T, Bytes> {
  /** Which serializer it is: `json`, `pickle`, `compressed`, … */
  readonly type: string;
  /**
   * A value as a blob: the stream with one item.
   *
   * @param value The value.
   * @returns The blob.
   */
  dumps(value: T): Promise<Bytes>;
  /**
   * The value of a blob: the stream with one item.
   *
   * @param blob The blob.
   * @returns The value.
   */
  loads(blob: Bytes): Promise<T>;
  /**
   * A stage between the items of a list and the blob of that list, in bounded memory; only where that is JSON.
   *
   * @returns The stage.
   */
  items(): Stage<unknown, Bytes>;
  /** All settings, in Prefect's order: what Prefect stores. */
  toJSON(): SerializerConfig;
}

/** Options of {@linkcode serializer} that Prefect does not store. */
export interface SerializerOptions extends PrefectValueOptions {
  /** What the names in the settings stand for. @default {prefectLibraries} */
  readonly libraries?: PrefectLibraries | undefined;
  /** The classes that JSON may name. @default {defaultClasses} */
  readonly classes?: PrefectClasses | undefined;
  /** How hard to compress, as the library counts. @default what Python's library does, except `brotli` */
  readonly level?: number | undefined;
  /** Whether JSON may lose what Prefect loses: time zones, the types of items of sets. @default {false} */
  readonly lossy?: boolean | undefined;
  /** Options for pickles. */
  readonly pickle?: PickleOptions | undefined;
  /** Arrays and objects of JSON within each other, both ways. @default {1_000} */
  readonly maxDepth?: number | undefined;
  /** Bytes of one value, decompressed, that a decoder takes. @default {500_000_000} */
  readonly maxBytes?: number | undefined;
  /** Whether a type that is not known is kept, instead of refused: then it can be stored, but neither write nor read. @default {false} */
  readonly keepsUnknown?: boolean | undefined;
}
