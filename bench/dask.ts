/**
 * Dask's protocol against Python's own `distributed`, which takes turns with it in a process of its own and times itself: a
 * message is written, packed, unpacked and read.
 */
import { equal } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  dumps,
  loads,
  packFrames,
  toSerialize,
  unpackFrames,
} from "../streams/dask/mod.ts";
import type { NdArray } from "../src/pickle/mod.ts";
import { type Case, detailOf, type Figure } from "./_measure.ts";

const PYTHON = process.env.BRINE_PYTHON ?? "python3";
const PEER = fileURLToPath(new URL("_dask_peer.py", import.meta.url));

/** A value, the bar for it, and that for each compression. */
interface Row {
  readonly name: string;
  readonly label: string;
  readonly size: number;
  readonly value: (size: number) => unknown;
  readonly check: (value: unknown) => unknown;
  readonly expected: unknown;
  readonly atLeast: number;
  readonly rounds: number;
}

function steps(size: number): Float64Array {
  const array = new Float64Array(size);
  for (let i = 0; i < size; i++) array[i] = (i >> 3) % 1000;
  return array;
}

function rows(quick: boolean): Row[] {
  const [large, many] = quick ? [10_000, 10] : [12_500_000, 1_000];
  return [
    {
      name: "array",
      label: `${large * 8 / 1e6} MB of float64`,
      size: large,
      value: steps,
      check: (value) => (value as NdArray).get(large - 1),
      expected: ((large - 1) >> 3) % 1000,
      atLeast: 1,
      rounds: 8,
    },
    {
      name: "arrays",
      label: `${many} arrays of 8 kB`,
      size: many,
      value: (size) =>
        Array.from(
          { length: size },
          (_, i) => Float64Array.from({ length: 1000 }, (_, k) => i + k),
        ),
      check: (value) => (value as NdArray[]).at(-1)!.get(999),
      expected: many + 998,
      atLeast: 5,
      rounds: 80,
    },
    {
      name: "dicts",
      label: `a list of ${many} dicts, each on its own`,
      size: many,
      value: (size) =>
        Array.from({ length: size }, (_, id) => ({
          id,
          name: `item ${id}`,
          value: id + 0.5,
          tags: ["a", "b"],
          ok: true,
        })),
      check: (value) => (value as { name: string }[]).at(-1)!.name,
      expected: `item ${many - 1}`,
      atLeast: 10,
      rounds: 150,
    },
  ];
}

function once(value: unknown, compression: string | null): unknown {
  const message = { op: "put", data: toSerialize(value) };
  const packed = packFrames(dumps(message, { context: { compression } }));
  return (loads(unpackFrames(packed)) as { data: unknown }).data;
}

export const dask: Case = async ({ quick }) => {
  const check = "import distributed, numpy, lz4, zstandard";
  if (spawnSync(PYTHON, ["-c", check]).status !== 0) return [];
  const child = spawn(PYTHON, [PEER], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout! })[
    Symbol.asyncIterator
  ]();
  const answer = async () => (await lines.next()).value as string;
  const version = (await answer()).split(" ")[1];
  const figures: Figure[] = [];
  for (const row of rows(quick)) {
    const value = row.value(row.size);
    for (const compression of [null, "lz4", "zstd"]) {
      const times = { ours: Infinity, python: Infinity };
      equal(row.check(once(value, compression)), row.expected);
      for (let round = 0; round < (quick ? 1 : row.rounds); round++) {
        const begun = now();
        once(value, compression);
        times.ours = Math.min(times.ours, now() - begun);
        const line = `${row.name} ${compression ?? "none"} ${row.size}\n`;
        child.stdin!.write(line);
        times.python = Math.min(times.python, Number(await answer()));
      }
      figures.push({
        name: `dask, ${row.label}${
          compression ? ` with ${compression}` : ""
        }: speed against distributed ${version}`,
        value: times.python / times.ours,
        unit: "x",
        atLeast: compression ? 0.8 : row.atLeast,
        detail: detailOf(times),
      });
    }
  }
  child.stdin!.end();
  return figures;
};

function now(): number {
  if (process.env.BENCH_CLOCK !== "cpu") return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
