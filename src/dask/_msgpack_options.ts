/** What becomes of a value that msgpack has no form for: another value in its place. */
export type PackHook = (value: object) => unknown;

/** Options for `pack`. */
export interface PackOptions {
  /** What becomes of a value that msgpack has no form for. */
  readonly hook?: PackHook | undefined;
  /** Keys that no map may have that was handed in. */
  readonly reserved?: readonly string[] | undefined;
  /** Whether an object that follows itself in a list is copied as it was written. Then the hook is not asked again. */
  readonly repeats?: boolean | undefined;
}

/** How msgpack is read. */
export interface UnpackOptions {
  /** What an array becomes. */
  readonly arrays?: "list" | "tuple" | undefined;
  /** Whether floats that could be taken for integers are marked. */
  readonly floats?: "number" | "wrap" | undefined;
  /** Whether what stands under `sub-headers` may be one object with the one before it that is of the same bytes. */
  readonly mayRepeat?: ((item: unknown) => boolean) | undefined;
  /** What a map becomes that has a key with two underscores in front; `undefined` to leave it. */
  readonly hook?: ((map: Record<string, unknown>) => unknown) | undefined;
}
