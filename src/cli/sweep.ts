import process from "node:process";
import type * as V8 from "node:v8";
import type * as Vm from "node:vm";
import { type Progress, progress } from "../../mod.ts";

type Collect = (options: { type: "minor" }) => void;

/** Bytes that may pass, in and out together, until what they left behind is swept away. */
const SWEEP_BYTES = 8_000_000;

let collect: Collect | undefined;
let passed = 0;

/**
 * Lets bytes pass, and has V8 clear its young generation every so often. Left to itself, V8 lets that grow to its largest
 * size in any long run, which brings Deno to 240 MB where 120 do; it takes no flag against it once it runs. JavaScriptCore
 * needs no help, so nothing is done on Bun.
 */
export function sweeping<T>(): TransformStream<T, T> {
  let before = 0;
  return progress<T>(({ bytes }: Progress) => {
    sweep(bytes - before);
    before = bytes;
  }).encoder();
}

/** The same, for who counts the bytes that pass. */
export function sweep(bytes: number): void {
  passed += bytes;
  if (passed < SWEEP_BYTES) return;
  passed = 0;
  collect ??= collector();
  collect({ type: "minor" });
}

/** V8's own function, as a flag shows it to every context that is made from then on. */
function collector(): Collect {
  const nothing = () => {};
  if (process.versions.bun) return nothing;
  try {
    const v8 = process.getBuiltinModule("node:v8") as typeof V8;
    const vm = process.getBuiltinModule("node:vm") as typeof Vm;
    v8.setFlagsFromString("--expose-gc");
    const gc: unknown = vm.runInNewContext("globalThis.gc");
    return typeof gc === "function" ? gc as Collect : nothing;
  } catch {
    return nothing;
  }
}
