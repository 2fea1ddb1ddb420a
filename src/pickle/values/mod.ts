/**
 * What stands for the values of Python that JavaScript has no type for. They hold data and do nothing; the reader makes
 * them, and the writer takes them.
 *
 * @module
 */
export * from "./array.ts";
export * from "./builtin.ts";
export * from "./bytes.ts";
export * from "./datetime.ts";
export * from "./decimal.ts";
export * from "./dict.ts";
export * from "./dtype.ts";
export * from "./exception.ts";
export { NdArray, type NdArrayParts, type NdTypedArray } from "./ndarray.ts";
export * from "./npscalar.ts";
export * from "./number.ts";
export * from "./object.ts";
export * from "./path.ts";
export * from "./sequence.ts";
export * from "./set.ts";
export * from "./timedelta.ts";
export * from "./timezone.ts";
export * from "./uuid.ts";
export * from "./defined_class.ts";
export * from "./column.ts";
export * from "./pdscalar.ts";
export { type ArrowModule, type ArrowTimestamp } from "./arrow_column.ts";
export { DataFrame, Index, Series } from "./table.ts";
