import { FormatError } from "../errors.ts";
import { type Family, familyOf } from "../family.ts";
import type { Bytes } from "../types.ts";
import { dumps } from "./dumps.ts";
import { loads } from "./loads.ts";
import type { PickleLoadOptions } from "./options.ts";
import { PyByteArray } from "./values/bytes.ts";
import type { PickleDumpOptions } from "./write_options.ts";

/** Options for {@linkcode pickle}. */
export interface PickleFamilyOptions {
  /** How values are written; arrays travel as frames of their own from protocol 5 on. @default {{ protocol: 5 }} */
  readonly dumps?: Omit<PickleDumpOptions, "bufferCallback">;
  /** How values are read. */
  readonly loads?: Omit<PickleLoadOptions, "buffers">;
}

/**
 * The family `pickle`, as Python's `distributed` has it: the first frame is a pickle, the bytes of arrays are the frames after
 * it, uncopied. A message holds one value. To read one runs nothing: what a pickle names becomes data.
 *
 * @param options How values are written and read.
 * @returns The family, for `registry.addFamily` or `serialize({ family })`.
 *
 * @example
 * ```ts
 * import { defaultRegistry, pickle } from "@brine/brine";
 * import { deepEqual, equal } from "node:assert/strict";
 *
 * const family = pickle();
 * const { header, frames } = defaultRegistry.serialize([1, new Float64Array(4)], { family });
 * deepEqual(header, { serializer: "pickle", writeable: [true] });
 * equal(frames[1]!.length, 32);
 * ```
 */
export function pickle(options: PickleFamilyOptions = {}): Family {
  return familyOf("pickle", {
    serialize(value) {
      const { protocol = 5 } = options.dumps ?? {};
      const buffers: Bytes[] = [];
      const writeable: boolean[] = [];
      const bufferCallback = (bytes: Bytes, readonly: boolean) => {
        buffers.push(bytes);
        writeable.push(!readonly);
      };
      const first = dumps(value, {
        ...options.dumps,
        protocol,
        ...protocol >= 5 && { bufferCallback },
      });
      return { header: { writeable }, frames: [first, ...buffers] };
    },
    deserialize({ header, frames: [first, ...frames] }) {
      if (!first) throw new FormatError("pickle", "the message has no frame");
      const { writeable } = header;
      const isWriteable = Array.isArray(writeable) ? writeable : [];
      const buffers = frames.map((frame, i) =>
        isWriteable[i]
          ? new PyByteArray(frame.buffer, frame.byteOffset, frame.length)
          : frame
      );
      return loads(first, { ...options.loads, buffers });
    },
  });
}
