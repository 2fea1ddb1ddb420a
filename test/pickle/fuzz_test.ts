/**
 * Reader and writer against CPython, on made-up values and damaged pickles. How many is set by `BRINE_FUZZ` (1 unless told;
 * 20 is ten thousand values each way and a hundred thousand damaged pickles), where they begin by `BRINE_SEED`.
 */
import { afterAll, describe, test } from "bun:test";
import { deepEqual, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import {
  dumps,
  loads,
  type PickleDumpOptions,
  type PickleLoadOptions,
} from "../../src/pickle/mod.ts";
import type { PickleProtocol } from "../../src/pickle/mod.ts";
import { build, describeValue } from "./_describe.ts";
import { isKnownDifference } from "./_differences.ts";
import { mutate, random } from "./_mutate.ts";
import { type Description, hasPython, type Made, Python } from "./_python.ts";

const SCALE = Number(process.env.BRINE_FUZZ ?? 1);
const SEED = Number(process.env.BRINE_SEED ?? 1);
/** Values in one question to Python. */
const BATCH = 100;
const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const;
const LOAD: PickleLoadOptions = { floats: "wrap", datetimes: "python" };
const TIMEOUT = 3_600_000;
/** What one damaged pickle of a few kilobytes may take. */
const MAX_MS = 1000;
const MAX_BYTES = 64 << 20;

const python = hasPython ? new Python() : undefined;
afterAll(() => python?.close());
if (!hasPython) console.log("pickle: no Python to compare with, skipped");

const bytesOf = (base64: string) => {
  const { buffer, byteOffset, length } = Buffer.from(base64, "base64");
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length).slice();
};
const base64Of = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

async function made(batch: number, rich: boolean): Promise<Made[]> {
  return await python!.ask("generate", SEED * 10_000 + batch, BATCH, rich);
}

describe("pickle and CPython", () => {
  test.skipIf(!hasPython)(
    "plain data is written as the same bytes",
    async () => {
      for (let batch = 0; batch < 5 * SCALE; batch++) {
        for (const { desc, pickles } of await made(batch, false)) {
          const value = build(desc);
          for (const protocol of PROTOCOLS) {
            const pickle = base64Of(dumps(value, { protocol }));
            if (pickle === pickles[protocol]) continue;
            deepEqual(pickle, pickles[protocol], JSON.stringify(desc));
          }
        }
      }
    },
    TIMEOUT,
  );

  test.skipIf(!hasPython)("what Python writes is read as it was", async () => {
    for (let batch = 0; batch < 5 * SCALE; batch++) {
      for (const { desc, pickles } of await made(batch + 5000, true)) {
        for (const protocol of PROTOCOLS) {
          const value = loads(bytesOf(pickles[protocol]!), LOAD);
          same(describeValue(value), desc, `protocol ${protocol}`);
        }
      }
    }
  }, TIMEOUT);

  test.skipIf(!hasPython)(
    "what is written is read by Python as it was",
    async () => {
      for (let batch = 0; batch < 5 * SCALE; batch++) {
        const values = await made(batch + 7000, true);
        const options: PickleDumpOptions[] = PROTOCOLS.map((protocol) => ({
          protocol: protocol as PickleProtocol,
          sharedStrings: batch % 2 ? "all" : "keys",
        }));
        const pickles = values.map(({ desc }, i) =>
          base64Of(dumps(build(desc), options[i % 6]))
        );
        const back = await python!.ask<Description[]>("load", pickles);
        for (const [i, { desc }] of values.entries()) {
          same(back[i]!, desc, `protocol ${i % 6}`);
        }
      }
    },
    TIMEOUT,
  );

  test.skipIf(!hasPython)(
    "damaged pickles are not read where Python refuses",
    async () => {
      const next = random(SEED);
      const before = prototypes();
      const unexpected: string[] = [];
      for (let batch = 0; batch < 10 * SCALE; batch++) {
        const pickles = (await made(batch + 9000, true))
          .flatMap((value) => value.pickles.map(bytesOf))
          .filter((pickle) => pickle.length < 4096);
        const damaged = Array.from({ length: 500 }, () =>
          mutate(
            pickles[next(pickles.length)]!,
            pickles[next(pickles.length)]!,
            next,
          ));
        const results = damaged.map(attempt);
        const answers = await python!.ask<string[]>(
          "accepts",
          damaged.map(base64Of),
        );
        for (const [i, answer] of answers.entries()) {
          const isOurs = results[i] === "";
          if (!isOurs || answer === "" || answer === "Refused") continue;
          if (isKnownDifference(answer)) continue;
          unexpected.push(`${answer} ${base64Of(damaged[i]!)}`);
        }
      }
      deepEqual(unexpected.slice(0, 10), []);
      deepEqual(prototypes(), before);
    },
    TIMEOUT,
  );
});

/** Equal, or equal but for the order of sets, in which things may be met in another order. */
function same(got: Description, want: Description, where: string): void {
  if (JSON.stringify(got) === JSON.stringify(want)) return;
  const normal = JSON.stringify(normalized(want));
  if (JSON.stringify(normalized(got)) !== normal) deepEqual(got, want, where);
}

/**
 * Sets sorted; tuples and frozen sets, which are all that can be in a set and hold others, wherever they are met; and the rest
 * numbered anew, which then does not depend on the order of any set.
 */
function normalized(desc: Description): unknown {
  const known = new Map<unknown, unknown[]>();
  const numbers = new Map<unknown, number>();
  const open = new Set<unknown>();

  function find(desc: unknown): void {
    if (!Array.isArray(desc)) return;
    if (isNumbered(desc)) known.set(desc[1], desc);
    desc.forEach(find);
  }

  function go(desc: unknown): unknown {
    if (!Array.isArray(desc)) return desc;
    const target = desc[0] === "r" ? known.get(desc[1])! : desc;
    if (!isNumbered(target)) return target.map(go);
    const [tag, id, ...rest] = target;
    if (tag !== "t" && tag !== "F") {
      if (numbers.has(id)) return ["r", numbers.get(id)];
      numbers.set(id, numbers.size);
    } else if (open.has(id)) return ["cycle"];
    open.add(id);
    const parts = rest.map(go);
    open.delete(id);
    if (tag === "S" || tag === "F") {
      const texts = (parts[0] as unknown[]).map((item) => JSON.stringify(item));
      parts[0] = texts.sort();
    }
    return [tag, ...parts];
  }
  find(desc);
  return go(desc);
}

/** Whether it is the description of a container, which has a number. */
function isNumbered(desc: unknown[]): boolean {
  return typeof desc[0] === "string" && desc[0] !== "r" &&
    typeof desc[1] === "number";
}

/** What became of it: the name of the error, or nothing; anything but one of our errors fails. */
function attempt(pickle: Uint8Array<ArrayBuffer>): string {
  const memory = process.memoryUsage.rss();
  const begun = performance.now();
  let name = "";
  try {
    loads(pickle, LOAD);
  } catch (error) {
    name = (error as Error).name;
    const known = [
      "FormatError",
      "TruncatedError",
      "LimitError",
      "UnknownNameError",
    ];
    if (!known.includes(name)) {
      throw new Error(base64Of(pickle), { cause: error });
    }
  }
  ok(performance.now() - begun < MAX_MS, `slow: ${base64Of(pickle)}`);
  const grown = process.memoryUsage.rss() - memory;
  ok(grown < MAX_BYTES, `${grown} bytes: ${base64Of(pickle)}`);
  return name;
}

/** What everything inherits: no pickle may add to it. */
function prototypes(): string[][] {
  return [Object, Array, Map, Set, Function, String, Number, Error].map(
    (type) => Reflect.ownKeys(type.prototype).map(String),
  );
}
