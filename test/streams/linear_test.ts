import { test } from "bun:test";
import { ok } from "node:assert/strict";
import { concat } from "../../src/bytes.ts";
import type { Bytes } from "../../src/types.ts";
import { cutBytes, noise, through } from "./_helpers.ts";
import { type Row, rows } from "./stages.ts";

const SIZE = 8192;

/** Bytes and places that were moved while something ran: what a quadratic remainder would do, counted and not timed. */
async function moved(body: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const undo: (() => void)[] = [];
  const watch = <T extends object>(
    prototype: T,
    name: keyof T,
    cost: (self: T, args: unknown[]) => number,
  ) => {
    const own = prototype[name] as (...args: unknown[]) => unknown;
    // deno-lint-ignore no-explicit-any
    (prototype as any)[name] = function (this: T, ...args: unknown[]) {
      count += cost(this, args);
      return own.apply(this, args);
    };
    undo.push(() => prototype[name] = own as T[keyof T]);
  };
  const bytes = Uint8Array.prototype;
  watch(bytes, "set", (_, [from]) => (from as Bytes).length);
  watch(
    bytes,
    "slice",
    (self, [a = 0, b = self.length]) =>
      Math.max(0, (b as number) - (a as number)),
  );
  watch(bytes, "indexOf", (self, [_, from = 0]) => self.length - Number(from));
  watch(Array.prototype, "shift", (self) => self.length);
  watch(Array.prototype, "splice", (self) => self.length);
  watch(TextDecoder.prototype, "decode", (_, [from]) => {
    return (from as Bytes | undefined)?.length ?? 0;
  });
  try {
    await body();
  } finally {
    for (const each of undo) each();
  }
  return count;
}

const quadratic = () => {
  let rest: Bytes = new Uint8Array(0);
  return new TransformStream<Bytes, Bytes>({
    transform: (chunk) => void (rest = concat([rest, chunk])),
    flush: (controller) => controller.enqueue(rest),
  });
};

test("a remainder that is copied with every chunk is found out", async () => {
  const [one, four] = await Promise.resolve([SIZE, 4 * SIZE]);
  const work = async (size: number) =>
    await moved(() => through(cutBytes(noise(size), 16), quadratic()));
  const ratio = await work(four!) / await work(one!);
  ok(ratio > 10, `${ratio}`);
});

for (const row of rows.filter(({ large }) => large)) {
  test(`${row.name}: four times the input is four times the work`, () =>
    isLinear(row));
}

async function isLinear(row: Row): Promise<void> {
  const { stage, far, large, near } = row;
  const work = async (size: number) => {
    const item = large!(size);
    const given = () => near === "bytes" ? cutBytes(item as Bytes, 16) : [item];
    let coded: unknown[] = [];
    const out = await moved(async () => {
      coded = await through(given(), stage.encoder());
    });
    const chunks = far === "bytes"
      ? [...cutBytes(concat(coded as Bytes[]), 16)]
      : coded;
    const back = await moved(() => through(chunks, stage.decoder()));
    return [out, back] as const;
  };
  const one = await work(SIZE);
  const four = await work(4 * SIZE);
  ["encoder", "decoder"].forEach((side, i) => {
    // What is done once, however long the input is, may stand for up to a chunk or two.
    const bound = 5 * one[i]! + 4 * SIZE;
    ok(four[i]! <= bound, `${side}: ${one[i]} at n, ${four[i]} at 4n`);
  });
}
