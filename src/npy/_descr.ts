import { FormatError } from "../errors.ts";
import { DType, type DTypeField } from "../pickle/values/dtype.ts";

const STAGE = "npy";
const MAX_DEPTH = 32;
const MAX_ITEM = 2 ** 31;

/** A type as `.npy` files describe it: a name, or a list of names, types and shapes of fields. */
export function dtypeOfDescr(descr: unknown, depth = 0): DType {
  if (typeof descr === "string") {
    try {
      return DType.of(descr);
    } catch (cause) {
      throw new FormatError(STAGE, "the type is not known", { cause });
    }
  }
  if (!Array.isArray(descr) || depth > MAX_DEPTH) {
    throw new FormatError(STAGE, "the type is not known");
  }
  // A type and a shape, as numpy writes what is itself an array.
  if (typeof descr[0] === "string" && descr.length === 2) {
    return subOf(dtypeOfDescr(descr[0], depth + 1), descr[1]);
  }
  const fields = new Map<string, DTypeField>();
  let itemsize = 0;
  for (const field of descr) {
    const [named, type, shape] = Array.isArray(field) ? field : [];
    const [title, name] = Array.isArray(named) ? named : [undefined, named];
    if (typeof name !== "string") {
      throw new FormatError(STAGE, "a field has no name");
    }
    let dtype = dtypeOfDescr(type, depth + 1);
    if (shape !== undefined) dtype = subOf(dtype, shape);
    // What fills a gap has no name.
    if (name !== "" || title !== undefined) {
      fields.set(name, { dtype, offset: itemsize, ...title && { title } });
    }
    itemsize += dtype.itemsize;
  }
  return new DType({ kind: "V", itemsize, fields });
}

function subOf(dtype: DType, shape: unknown): DType {
  const lengths = Array.isArray(shape) ? [...shape] : [shape];
  const size = lengths.reduce(
    (product, length) => product * Number(length),
    dtype.itemsize,
  );
  if (!(size >= 0 && size <= MAX_ITEM)) {
    throw new FormatError(STAGE, "the shape of a field is none");
  }
  return new DType({
    kind: "V",
    itemsize: size,
    sub: { dtype, shape: lengths },
  });
}

/** The same as Python would spell it. */
export function writeDescr(dtype: DType): string {
  const { fields, sub, itemsize, str } = dtype;
  if (sub) return `(${writeDescr(sub.dtype)}, ${tupleOf(sub.shape)})`;
  if (!fields) return `'${str}'`;
  const parts: string[] = [];
  let at = 0;
  const gap = (to: number) => {
    if (to > at) parts.push(`('', '|V${to - at}')`);
  };
  const all = [...fields].sort(([, a], [, b]) => a.offset - b.offset);
  for (const [name, { dtype: type, offset, title }] of all) {
    if (offset < at) {
      throw new TypeError("Fields that overlap have no form in .npy files");
    }
    gap(offset);
    const shown = title === undefined
      ? quoted(name)
      : `(${quoted(title)}, ${quoted(name)})`;
    parts.push(
      type.sub
        ? `(${shown}, ${writeDescr(type.sub.dtype)}, ${
          tupleOf(type.sub.shape)
        })`
        : `(${shown}, ${writeDescr(type)})`,
    );
    at = offset + type.itemsize;
  }
  gap(itemsize);
  return `[${parts.join(", ")}]`;
}

function tupleOf(lengths: readonly number[]): string {
  return lengths.length === 1 ? `(${lengths[0]},)` : `(${lengths.join(", ")})`;
}

function quoted(text: string): string {
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n");
  return `'${escaped}'`;
}
