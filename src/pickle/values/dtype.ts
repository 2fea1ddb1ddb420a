/** The letter of a kind of items, as numpy has it; `T` is text of any length. */
export type DTypeKind =
  | "b"
  | "i"
  | "u"
  | "f"
  | "c"
  | "S"
  | "U"
  | "V"
  | "O"
  | "M"
  | "m"
  | "T";

/** A field of a structured type. */
export interface DTypeField {
  /** Its type. */
  readonly dtype: DType;
  /** Bytes from the start of an item. */
  readonly offset: number;
  /** Its title, if it has one. */
  readonly title?: string | undefined;
}

/** The parts of a {@linkcode DType}. */
export interface DTypeParts {
  /** The kind. */
  readonly kind: DTypeKind;
  /** Bytes of an item. */
  readonly itemsize: number;
  /** The order of bytes; `|` where it does not matter. @default {"|"} */
  readonly order?: "<" | ">" | "|" | undefined;
  /** The fields of a structured type, in order. */
  readonly fields?: ReadonlyMap<string, DTypeField> | undefined;
  /** Type and shape of the arrays that the items are. */
  readonly sub?:
    | { readonly dtype: DType; readonly shape: readonly number[] }
    | undefined;
  /** Of dates and times: what is counted, and how many make one. */
  readonly unit?: readonly [string, number] | undefined;
  /** Whether the fields are laid out as C does. @default {false} */
  readonly aligned?: boolean | undefined;
  /** The names of the classes of the type and the items, if not numpy's usual: `numpy.record`. */
  readonly type?: string | undefined;
}

/**
 * The type of the items of a numpy array.
 *
 * @example
 * ```ts
 * import { DType } from "@brine/brine/pickle";
 * import { equal } from "node:assert/strict";
 *
 * equal(DType.of("<f8").itemsize, 8);
 * equal(new DType({ kind: "M", itemsize: 8, order: "<", unit: ["ns", 1] }).str, "<M8[ns]");
 * ```
 */
export class DType {
  /** The kind. */
  readonly kind: DTypeKind;
  /** Bytes of an item. */
  readonly itemsize: number;
  /** The order of bytes; `|` where it does not matter. */
  readonly order: "<" | ">" | "|";
  /** The fields of a structured type, in order. */
  readonly fields: ReadonlyMap<string, DTypeField> | undefined;
  /** Type and shape of the arrays that the items are. */
  readonly sub:
    | { readonly dtype: DType; readonly shape: readonly number[] }
    | undefined;
  /** Of dates and times: what is counted, and how many make one. */
  readonly unit: readonly [string, number] | undefined;
  /** Whether the fields are laid out as C does. */
  readonly aligned: boolean;
  /** The class of the items, if not the usual one: `numpy.record`. */
  readonly type: string | undefined;

  /**
   * Makes one of its parts.
   *
   * @param parts What it is made of.
   */
  constructor(parts: DTypeParts) {
    this.kind = parts.kind;
    this.itemsize = parts.itemsize;
    this.order = parts.order ?? "|";
    this.fields = parts.fields;
    this.sub = parts.sub;
    this.unit = parts.unit;
    this.aligned = parts.aligned ?? false;
    this.type = parts.type;
  }

  /**
   * The type of that name.
   *
   * @param text The name as numpy writes it: `<f8`, `|b1`, `<U10`, `<M8[ns]`; without an order, the little-endian one.
   * @returns The type.
   * @throws {RangeError} If there is none.
   */
  static of(text: string): DType {
    const found = NAME.exec(text);
    if (!found) throw new RangeError(`No dtype ${JSON.stringify(text)}`);
    const [, sign, letter, digits, count, unit] = found;
    const kind =
      (letter === "?" ? "b" : letter === "a" ? "S" : letter) as DTypeKind;
    const size = digits ? Number(digits) : DEFAULT_SIZE.get(kind)!;
    const itemsize = kind === "U" ? 4 * size : size;
    if (!isSize(kind, itemsize)) {
      throw new RangeError(`No dtype ${JSON.stringify(text)}`);
    }
    const swapped = sign === ">" ? ">" : "<";
    return new DType({
      kind,
      itemsize,
      order: hasOrder(kind, itemsize) ? swapped : "|",
      unit: kind === "M" || kind === "m"
        ? [unit ?? "generic", Number(count || 1)]
        : undefined,
    });
  }

  /** The name as numpy writes it. */
  get str(): string {
    const { kind, itemsize, order, unit } = this;
    const size = kind === "U" ? itemsize / 4 : itemsize;
    if (kind === "T") return "StringDType()";
    const text = kind === "O" ? "|O" : `${order}${kind}${size}`;
    if (!unit || unit[0] === "generic") return text;
    return `${text}[${unit[1] === 1 ? "" : unit[1]}${unit[0]}]`;
  }

  /** The name, or what the fields are. */
  toString(): string {
    return this.fields ? `{${[...this.fields.keys()].join(", ")}}` : this.str;
  }
}

const NAME =
  /^([<>|=]?)([?biufcSaUVOMmT])(\d{0,10})(?:\[(\d{0,9})([A-Za-zμ]+)\])?$/;

const DEFAULT_SIZE: ReadonlyMap<DTypeKind, number> = new Map([
  ["b", 1],
  ["i", 4],
  ["u", 4],
  ["f", 4],
  ["c", 8],
  ["S", 0],
  ["U", 0],
  ["V", 0],
  ["O", 8],
  ["M", 8],
  ["m", 8],
  ["T", 16],
]);

/** The sizes there are; any where none are listed. */
const SIZES: ReadonlyMap<DTypeKind, readonly number[]> = new Map([
  ["b", [1]],
  ["i", [1, 2, 4, 8]],
  ["u", [1, 2, 4, 8]],
  ["f", [2, 4, 8, 12, 16]],
  ["c", [8, 16, 24, 32]],
  ["O", [4, 8]],
  ["M", [8]],
  ["m", [8]],
  ["T", [16, 32]],
]);

function isSize(kind: DTypeKind, itemsize: number): boolean {
  return SIZES.get(kind)?.includes(itemsize) ?? itemsize <= 2 ** 31;
}

function hasOrder(kind: DTypeKind, itemsize: number): boolean {
  return kind === "U" || (itemsize > 1 && "iufcMm".includes(kind));
}
