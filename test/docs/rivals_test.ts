/** The table of README that compares: every cell of it is measured here. */
import { deepEqual } from "node:assert/strict";
import { describe, test } from "bun:test";
import * as cbor from "cbor-x";
import * as devalue from "devalue";
import { Packr } from "msgpackr";
import superjson from "superjson";
import { dumps, loads } from "../../mod.ts";
import { textOf } from "./_blocks.ts";

type Bytes = Uint8Array<ArrayBuffer>;

interface Rival {
  readonly name: string;
  dumps(value: unknown): Bytes | Promise<Bytes>;
  loads(bytes: Bytes): unknown;
}

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

function overText(
  name: string,
  stringify: (value: unknown) => string,
  parse: (text: string) => unknown,
): Rival {
  return {
    name,
    dumps: (value) => utf8.encode(stringify(value)),
    loads: (bytes) => parse(text.decode(bytes)),
  };
}

const packr = new Packr({ structuredClone: true });
const rivals: readonly Rival[] = [
  { name: "Brine", dumps, loads },
  overText("JSON", JSON.stringify, JSON.parse),
  {
    name: "msgpackr",
    dumps: (value) => new Uint8Array(packr.pack(value)),
    loads: (bytes) => packr.unpack(bytes),
  },
  {
    name: "cbor-x",
    dumps: (value) => new Uint8Array(cbor.encode(value)),
    loads: (bytes) => cbor.decode(bytes),
  },
  overText("devalue", devalue.stringify, devalue.parse),
  overText("superjson", superjson.stringify, superjson.parse),
];

/** Rows: values that come back as they were, are refused, or are lost. */
const VALUES: Readonly<Record<string, unknown>> = {
  Date: new Date(1e12),
  "invalid Date": new Date(NaN),
  Map: new Map<unknown, unknown>([[{ k: 1 }, 2]]),
  "bigint 2^70": 2n ** 70n,
  "-0": -0,
  undefined: { a: undefined },
  Float32Array: new Float32Array([1, 2]),
  "lone surrogate": "\ud800",
  // deno-lint-ignore no-sparse-arrays
  hole: [1, , 3],
};

async function fate({ dumps, loads }: Rival, value: unknown): Promise<string> {
  let back: unknown;
  try {
    back = await loads(await dumps(value));
  } catch {
    return "refused";
  }
  return same(back, value) ? "kept" : "lost";
}

function same(back: unknown, value: unknown): boolean {
  if (typeof value !== "object") return Object.is(back, value);
  try {
    deepEqual(back, value);
    return true;
  } catch {
    return false;
  }
}

/** Of all inputs, how many are not noticed: they give a value, and a wrong one. */
async function silent(
  { loads }: Rival,
  inputs: readonly Bytes[],
  value: unknown,
): Promise<string> {
  let wrong = 0;
  for (const input of inputs) {
    try {
      if (!same(await loads(input), value)) wrong++;
    } catch {
      // It was noticed.
    }
  }
  return `${Math.round(100 * wrong / inputs.length)} %`;
}

function flips(bytes: Bytes): Bytes[] {
  return Array.from({ length: 8 * bytes.length }, (_, bit) => {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    return flipped;
  });
}

/** A column of the table. */
async function column(rival: Rival): Promise<string[]> {
  const fates = await Promise.all(
    Object.values(VALUES).map((value) => fate(rival, value)),
  );
  const value = { id: 123, name: "salt and water", tags: ["a", "b"], n: 1.5 };
  const bytes = await rival.dumps(value);
  const unnoticed = await silent(rival, flips(bytes), value);
  return [rival.name, ...fates, unnoticed];
}

describe("docs", () => {
  test("the table in README says what was measured", async () => {
    const titles = [
      "value",
      ...Object.keys(VALUES),
      "flipped bits not noticed",
    ];
    const columns = [titles, ...await Promise.all(rivals.map(column))];
    const rows = titles.map((_, i) => columns.map((cells) => cells[i]!));
    const [, text = ""] = textOf("README.md").split("## Compared");
    const shown = text.split("\n").filter((line) => /^\| (?!--)/.test(line))
      .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
      .slice(0, rows.length);
    deepEqual(
      shown,
      rows,
      rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
    );
  });
});
