/**
 * The data model: what stands between the types of JavaScript and the formats of the wire.
 *
 * @module
 */

/** Bytes over a plain `ArrayBuffer`: what every byte stream here carries. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * What a reader must know before it touches the frames: a small map that msgpack can hold. Keys are spelled as Dask
 * spells them; each is written and read in one place, named here.
 */
export interface Header {
  /** The family that wrote the frames (registry). */
  readonly serializer?: string;
  /** How many values the message holds; one, if absent (registry). */
  readonly values?: number;
  /** Present and true if the frames hold values that plain JSON cannot (registry). */
  readonly tagged?: boolean;
  /** The codec each frame went through, `null` where none did (`compress`). */
  readonly compression?: readonly (string | null | false)[];
  /** Of each original frame, how many pieces it was cut into (`split`). */
  readonly "split-num-sub-frames"?: readonly number[];
  /** Of each original frame, the index of its first piece (`split`). */
  readonly "split-offsets"?: readonly number[];
  /** The number of the stream inside a value that the message is a part of (`serializeLive`). */
  readonly stream?: number;
  /** What it brings of that stream: see `src/wire/parts.ts` (`serializeLive`). */
  readonly part?: string;
  /** Whatever else a family or a stage notes down. */
  readonly [key: string]: unknown;
}

/**
 * A header and the bytes it describes. Frames are opaque: no stage changes one in place or keeps one, and none
 * copies one but to compress, cut or join it.
 */
export interface Message {
  /** What a reader must know before it touches the frames. */
  readonly header: Header;
  /** The bytes, in an order that only the family knows. */
  readonly frames: readonly Bytes[];
}
