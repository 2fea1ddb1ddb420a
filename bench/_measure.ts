import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";

/** One number, and the bar for it. */
export interface Figure {
  /** What was measured; the same on every runtime. */
  readonly name: string;
  readonly value: number;
  /** `x` is a ratio of two times or sizes in one run. */
  readonly unit: "x" | "MB" | "ms";
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The times behind it. */
  readonly detail?: string;
}

/** Large enough to measure, or just large enough to see that it runs. */
export interface Size {
  readonly quick: boolean;
}

/** A group of measurements that share a process. */
export type Case = (size: Size) => Promise<Figure[]>;

/** What takes longer than this is measured once. In milliseconds. */
const SLOW = 3_000;

/** Short races go on for as long as this: other work on the machine comes and goes. */
const ENOUGH = 2_000;

/**
 * The clock in milliseconds. With `BENCH_CLOCK=cpu`, what all threads of this process have computed: on a busy machine, the time
 * that others take does not count.
 */
export function now(): number {
  if (process.env.BENCH_CLOCK !== "cpu") return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Does the work, and gives something to tell by that it was done right. */
export type Run = () => unknown;

/** The best time of each, in milliseconds. */
export type Times<Name extends string> = Readonly<Record<Name, number>>;

/**
 * The best time of each run, all in turns, so that whatever else the machine does falls on all of them. What they give has to be
 * equal, before anything is timed.
 *
 * @param rounds At least so many; just one, if that is what is asked for.
 */
export async function race<Name extends string>(
  rounds: number,
  runs: Readonly<Record<Name, Run>>,
): Promise<Times<Name>> {
  const entries = Object.entries(runs) as [Name, Run][];
  const [, first] = entries[0]!;
  const expected = await first();
  for (const [name, run] of entries) {
    deepEqual(await run(), expected, `${name} gives something else`);
  }
  const times = Object.fromEntries(
    entries.map(([name]) => [name, Infinity]),
  ) as Record<Name, number>;
  const begin = performance.now();
  const isOver = (round: number) =>
    round >= rounds && (rounds === 1 || performance.now() - begin > ENOUGH);
  for (let round = 0; !isOver(round); round++) {
    // There and back: it is not always the same one that clears up what another has left.
    entries.reverse();
    for (const [name, run] of entries) {
      if (round > 0 && times[name] > SLOW) continue;
      const start = now();
      await run();
      const time = now() - start;
      times[name] = Math.min(times[name], time);
    }
  }
  return times;
}

/** One against each of the others by itself, so that none of these is in the way of the rest. */
export async function duels(
  rounds: number,
  name: string,
  run: Run,
  others: Readonly<Record<string, Run>>,
): Promise<{ ratios: Times<string>; detail: string }> {
  const ratios: Record<string, number> = {};
  const details: string[] = [];
  for (const [other, its] of Object.entries(others)) {
    const times = await race(rounds, { [name]: run, [other]: its });
    ratios[other] = times[other]! / times[name]!;
    details.push(detailOf(times));
  }
  return { ratios, detail: details.join("; ") };
}

/** All times of a race, as text. */
export function detailOf(times: Times<string>): string {
  return Object.entries(times).map(([name, time]) =>
    `${name} ${time < 10 ? time.toFixed(1) : time.toFixed(0)}`
  ).join(", ") + " ms";
}

/** Peak resident memory of this process in MB, where the system tells. */
export function peakMemory(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/VmHWM:\s*(\d+)/.exec(status)![1]) / 1000;
}
