import type { PickleGlobals } from "../globals.ts";
export function addPandas(_globals: PickleGlobals): void {}
