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
  type PickleProtocol,
} from "../../src/pickle/mod.ts";
import { build, describeValue } from "./_describe.ts";
import { isKnownDifference } from "./_differences.ts";
import { mutate, random } from "./_mutate.ts";
import { type Description, hasPython, type Made, Python } from "./_python.ts";

const SCALE = Number(process.env.BRINE_FUZZ ?? 1);
const SEED = Number(process.env.BRINE_SEED ?? 1);
/** Values in one question to Python. */
const BATCH = 100;
const LOAD: PickleLoadOptions = { floats: "wrap", datetimes: "python" };
const TIMEOUT = 3_600_000;
/** What one damaged pickle of a few kilobytes may take. */
const MAX_MS = 1000;
const MAX_BYTES = 64 << 20;

const python = hasPython ? new Python() : undefined;
afterAll(() => python?.close());
if (!hasPython) console.log("skipped: tests of test/pickle that need Python");

const bytesOf = (base64: string) => {
  const { buffer, byteOffset, length } = Buffer.from(base64, "base64");
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length).slice();
};
const base64Of = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** Batches of values that Python made; while one is looked at, it makes the next. */
async function* batches(
  first: number,
  count: number,
  kind: "plain" | "rich",
): AsyncGenerator<Made[]> {
  const ask = (batch: number) =>
    python!.ask<Made[]>(
      "generate",
      SEED * 10_000 + first + batch,
      BATCH,
      kind === "rich",
    );
  let next = ask(0);
  for (let batch = 1; batch <= count; batch++) {
    const values = await next;
    if (batch < count) next = ask(batch);
    yield values;
  }
}

describe("pickle and CPython", () => {
  test.skipIf(!hasPython)(
    "plain data is written as the same bytes",
    async () => {
      for await (const values of batches(0, 5 * SCALE, "plain")) {
        for (const { desc, pickles } of values) {
          const value = build(desc);
          for (const [number, pickle] of Object.entries(pickles)) {
            const protocol = Number(number) as PickleProtocol;
            const written = base64Of(dumps(value, { protocol }));
            if (written === pickle) continue;
            deepEqual(written, pickle, JSON.stringify(desc));
          }
        }
      }
    },
    TIMEOUT,
  );

  test.skipIf(!hasPython)(
    "what one writes is read by the other as it was",
    async () => {
      let before: Promise<void> | undefined;
      for await (const values of batches(5000, 5 * SCALE, "rich")) {
        for (const { desc, pickles } of values) {
          for (const [protocol, pickle] of Object.entries(pickles)) {
            const value = loads(bytesOf(pickle), LOAD);
            same(describeValue(value), desc, `read, protocol ${protocol}`);
          }
        }
        await before;
        before = readByPython(values);
      }
      await before;
    },
    TIMEOUT,
  );

  test.skipIf(!hasPython)(
    "damaged pickles are not read where Python refuses",
    async () => {
      const next = random(SEED);
      const known = prototypes();
      const unexpected: string[] = [];
      let before: Promise<void> | undefined;
      for await (const values of batches(9000, 5 * SCALE, "rich")) {
        const pickles = values
          .flatMap((value) => Object.values(value.pickles).map(bytesOf))
          .filter((pickle) => pickle.length < 4096);
        const damaged = Array.from({ length: 1000 }, () =>
          mutate(
            pickles[next(pickles.length)]!,
            pickles[next(pickles.length)]!,
            next,
          ));
        await before;
        before = wronglyRead(damaged).then((found) =>
          void unexpected.push(...found)
        );
      }
      await before;
      deepEqual(unexpected.slice(0, 10), []);
      deepEqual(prototypes(), known);
    },
    TIMEOUT,
  );
});

/** Writes values, each in one protocol, and has Python read them. */
async function readByPython(values: readonly Made[]): Promise<void> {
  const pickles = values.map(({ desc }, i) => {
    const options: PickleDumpOptions = {
      protocol: i % 6 as PickleProtocol,
      sharedStrings: i % 12 < 6 ? "all" : "keys",
    };
    return base64Of(dumps(build(desc), options));
  });
  const back = await python!.ask<Description[]>("load", pickles);
  for (const [i, { desc }] of values.entries()) {
    same(back[i]!, desc, `written, protocol ${i % 6}`);
  }
}

/** Of damaged pickles those that are read here and refused by Python for no reason that is known. */
async function wronglyRead(
  damaged: readonly Uint8Array<ArrayBuffer>[],
): Promise<string[]> {
  const answers = python!.ask<string[]>("accepts", damaged.map(base64Of));
  const results = damaged.map((pickle) => attempt(pickle));
  const wrong: string[] = [];
  for (const [i, answer] of (await answers).entries()) {
    if (results[i] !== "" || answer === "" || answer === "Refused") continue;
    if (isKnownDifference(answer)) continue;
    wrong.push(`${answer} ${base64Of(damaged[i]!)}`);
  }
  return wrong;
}

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
function attempt(pickle: Uint8Array<ArrayBuffer>, isLast = false): string {
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
  if (performance.now() - begun > MAX_MS) {
    ok(!isLast, `slow: ${base64Of(pickle)}`);
    // It may have been the machine.
    return attempt(pickle, true);
  }
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
