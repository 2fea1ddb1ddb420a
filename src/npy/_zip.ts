import { FormatError } from "../errors.ts";
import type { Bytes } from "../types.ts";

const STAGE = "npz";
/** What the entries of the directory begin with. */
export const CENTRAL = 0x02014b50;
/** What the end of the directory begins with. */
export const END = 0x06054b50;
/** A size that stands elsewhere, because it is not less. */
export const SIZE_64 = 0xffffffff;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const MAX_COMMENT = 0xffff;
const decoder = new TextDecoder();

/** A member of an archive. */
export interface Member {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** The members that the directory at the end lists. */
export function membersOf(file: Bytes): Member[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const lowest = Math.max(0, file.length - 22 - MAX_COMMENT);
  let at = file.length - 22;
  while (at >= lowest && view.getUint32(at, true) !== END) at--;
  if (at < lowest) throw new FormatError(STAGE, "this is no .npz file");
  let count = view.getUint16(at + 10, true);
  let next = view.getUint32(at + 16, true);
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR64) {
    const end64 = Number(view.getBigUint64(at - 12, true));
    if (end64 + 56 > at || view.getUint32(end64, true) !== END64) {
      throw new FormatError(STAGE, "the directory is damaged", { offset: at });
    }
    count = Number(view.getBigUint64(end64 + 32, true));
    next = Number(view.getBigUint64(end64 + 48, true));
  }
  const members: Member[] = [];
  for (let i = 0; i < count; i++) {
    if (next + 46 > at || view.getUint32(next, true) !== CENTRAL) {
      throw new FormatError(STAGE, "the directory is damaged", {
        offset: next,
      });
    }
    const nameLength = view.getUint16(next + 28, true);
    const extra = view.getUint16(next + 30, true);
    const comment = view.getUint16(next + 32, true);
    const name = file.subarray(next + 46, next + 46 + nameLength);
    members.push(memberAt(view, next, decoder.decode(name), nameLength, extra));
    next += 46 + nameLength + extra + comment;
  }
  return members;
}

/** Sizes that do not fit stand in an extra field, each only if it does not fit. */
function memberAt(
  view: DataView,
  at: number,
  name: string,
  nameLength: number,
  extra: number,
): Member {
  const end = Math.min(at + 46 + nameLength + extra, view.byteLength);
  let field = at + 46 + nameLength;
  while (field + 4 <= end && view.getUint16(field, true) !== 1) {
    field += 4 + view.getUint16(field + 2, true);
  }
  field += 4;
  const sized = (value: number) => {
    if (value !== SIZE_64) return value;
    if (field + 8 > end) {
      throw new FormatError(STAGE, "a size is missing", { offset: at });
    }
    field += 8;
    return Number(view.getBigUint64(field - 8, true));
  };
  const size = sized(view.getUint32(at + 24, true));
  const packed = sized(view.getUint32(at + 20, true));
  const offset = sized(view.getUint32(at + 42, true));
  return {
    name,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    offset,
  };
}
