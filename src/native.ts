import type * as Zlib from "node:zlib";

/** The parts of Node's `zlib` that are used here; which of them there are depends on the runtime and its version. */
export type NativeZlib =
  & Pick<typeof Zlib, "constants">
  & Partial<Omit<typeof Zlib, "constants">>;

/**
 * Node's `zlib`, on Node, Bun, Deno and workerd; `undefined` where Node's modules are not to be had. It is looked up at
 * each call, because whatever is loaded first must not decide for the whole life of a process, and a lookup is cheap.
 */
export function nativeZlib(): NativeZlib | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  return process?.getBuiltinModule?.("node:zlib") as NativeZlib | undefined;
}
