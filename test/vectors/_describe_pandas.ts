import type { Context, Desc } from "./_describe.ts";
export function isPandasScalar(_value: unknown): boolean { return false; }
export function pandasScalar(_value: unknown): Desc { return {}; }
export function describePandas(_value: unknown, _context: Context): Desc | undefined { return undefined; }
