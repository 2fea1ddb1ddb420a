import type { Bytes } from "../../src/types.ts";
import type { Codec } from "../../streams/stage.ts";

/** Runs something as if Node's modules were not to be had; for asynchronous bodies, until they settle. */
export function withoutNative<T>(body: () => T): T {
  const own = Object.getOwnPropertyDescriptor(process, "getBuiltinModule");
  Object.defineProperty(process, "getBuiltinModule", {
    configurable: true,
    value: () => undefined,
  });
  const restore = () => {
    if (own) Object.defineProperty(process, "getBuiltinModule", own);
    else {
      delete (process as { getBuiltinModule?: unknown }).getBuiltinModule;
    }
  };
  let result: T;
  try {
    result = body();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

/** Makes something as if neither Node's modules nor the web's streams had brotli. */
export function withoutBrotli<T>(make: () => T): T {
  const { CompressionStream, DecompressionStream } = globalThis;
  class Refusing {
    constructor(format: string) {
      throw new TypeError(`There is no ${format}`);
    }
  }
  const put = (streams: object) => Object.assign(globalThis, streams);
  put({ CompressionStream: Refusing, DecompressionStream: Refusing });
  try {
    return withoutNative(make);
  } finally {
    put({ CompressionStream, DecompressionStream });
  }
}

/** A codec of which all is done without them. */
export function withoutBrotliOf(codec: Codec): Codec {
  return {
    ...codec,
    encoder: () => withoutBrotli(() => codec.encoder()),
    decoder: () => withoutBrotli(() => codec.decoder()),
  };
}

/** Bytes that no codec makes smaller; the same on every run. */
export function noise(length: number, seed = 1): Bytes {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
