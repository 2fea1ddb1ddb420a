/** Whether two descriptions are of equal values; `veclib.py` beside the vectors is the model. */
import type { Desc } from "./_describe.ts";

/** Equal; equal but for which parts are one object; or different. */
export type Verdict = "same" | "identity" | "different";

export function compare(a: unknown, b: unknown): Verdict {
  const [left, right] = [norm(a), norm(b)];
  if (text(left) === text(right)) return "same";
  return text(expand(left)) === text(expand(right)) ? "identity" : "different";
}

/** JSON with sorted keys. */
function text(x: unknown): string {
  return JSON.stringify(
    x,
    (_key, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
          Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1),
        )
        : value,
  );
}

function norm(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(norm);
  if (typeof x !== "object" || x === null) return x;
  const d = x as Desc;
  if (d.t === "float") {
    const bits = BigInt(`0x${d.be}`);
    const isNaN = (bits >> 52n & 0x7ffn) === 0x7ffn &&
      (bits & 0xfffffffffffffn) !== 0n;
    return { t: "float", be: isNaN ? "nan" : d.be.toLowerCase() };
  }
  if (d.t === "int") return { t: "int", v: bigint(String(d.v)) };
  const o: Desc = {};
  for (const [key, value] of Object.entries(d)) o[key] = norm(value);
  // Joined flags have no name before Python 3.11.
  if (d.t === "enum" && d.name?.includes("|")) o.name = null;
  if (d.t === "set" || d.t === "frozenset" || d.kind === "pydantic") {
    o.v = [...o.v].sort((a, b) => text(a) < text(b) ? -1 : 1);
  }
  return o;
}

function bigint(digits: string): string {
  const negative = digits.startsWith("-");
  return `${negative ? "-" : ""}${
    BigInt(negative ? digits.slice(1) : digits).toString(16)
  }`;
}

function expand(
  x: unknown,
  table: Map<number, unknown> = new Map(),
): unknown {
  if (Array.isArray(x)) return x.map((item) => expand(item, table));
  if (typeof x !== "object" || x === null) return x;
  const d = x as Desc;
  if (d.t === "ref" && table.get(d.id) !== undefined) return table.get(d.id);
  const id = d.t === "ref" ? undefined : d.id;
  const o: Desc = {};
  for (const [key, value] of Object.entries(d)) {
    if (key !== "id" || d.t === "ref") o[key] = expand(value, table);
  }
  if (id !== undefined) table.set(id, o);
  return o;
}
