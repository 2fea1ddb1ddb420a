import { crc32 } from "../../crc32.ts";
import type { Bytes } from "../../types.ts";
import { type Input, putU32, type Steps } from "../input.ts";
import { writeLzma2 } from "../lzma/lzma2.ts";
import type { Preset } from "../lzma/presets.ts";
import { CHECKS, type XzCheck } from "./checks.ts";
import { BlockRecords, FOOTER_MAGIC, HEADER_MAGIC, withCrc } from "./index.ts";
import { vliBytes } from "./vli.ts";

/** Writes one stream of one block, as `xz` with one thread and Python do; of none, if there is nothing. */
export function* writeXz(
  input: Input,
  preset: Preset,
  kind: XzCheck,
  plainSize: number | undefined,
): Steps {
  const { id, size, start } = CHECKS.get(kind)!;
  const flags = [0, id];
  yield join(Uint8Array.from(HEADER_MAGIC), withCrc(flags));
  const records = new BlockRecords();
  const index = [0];
  if (!(yield* input.isOver())) {
    const header = withCrc([2, 0, 0x21, 1, dictionaryByte(preset), 0, 0, 0]);
    yield header;
    const check = start();
    let packed = 0;
    let plain = 0;
    const pieces = writeLzma2(input, preset, plainSize, (bytes) => {
      check.update(bytes);
      plain += bytes.length;
    });
    for (const piece of pieces) {
      if (piece) packed += piece.length;
      yield piece;
    }
    yield join(new Uint8Array(-packed & 3), check.digest());
    const unpadded = header.length + packed + size;
    records.add(unpadded, plain);
    index.push(1, ...vliBytes(unpadded), ...vliBytes(plain));
  } else {
    index.push(0);
  }
  while (index.length % 4 !== 0) index.push(0);
  const footer = new Uint8Array(12);
  putU32(footer, 4, index.length / 4);
  footer.set(flags, 8);
  footer.set(FOOTER_MAGIC, 10);
  putU32(footer, 0, crc32(footer.subarray(4, 10)));
  yield join(withCrc(index), footer);
}

/** The dictionary's size as LZMA2 notes it down; those of the presets are powers of two. */
function dictionaryByte({ dictionary }: Preset): number {
  return 2 * (Math.log2(dictionary) - 12);
}

function join(first: Uint8Array, second: Uint8Array): Bytes {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
