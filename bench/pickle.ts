/**
 * Pickle against CPython's C pickler, which takes turns with it in a process of its own and times itself: a document of 100,000
 * records, 21 MB as JSON, and an array of 50 MB.
 */
import { deepEqual, equal } from "node:assert/strict";
import process from "node:process";
import { dumps, loads } from "../src/pickle/mod.ts";
import { records } from "./_data.ts";
import { type Case, detailOf, type Figure, now, race } from "./_measure.ts";
import { hasPython, Peer } from "./_peer.ts";

const PYTHON = process.env.BRINE_PYTHON ?? "python3";
const ROUNDS = 12;

/** A record of about 210 bytes, always the same for its number. */
export function record(id: number): Record<string, unknown> {
  const words = "alpha beta gamma delta epsilon zeta eta theta iota".split(" ");
  const pick = (n: number) => words[(id * n + n) % words.length]!;
  return {
    id,
    name: `${pick(4)} ${pick(7)}`,
    email: `${pick(7)}.${id}@example.com`,
    active: id % 3 === 0,
    score: (id * 7919 % 1e6) / 1000,
    tags: [pick(1), pick(5), pick(11)],
    address: {
      city: pick(13),
      zip: String(10000 + id % 90000),
      geo: { lat: (id % 18000) / 100 - 90, lon: (id * 17 % 36000) / 100 - 180 },
    },
    note: null,
  };
}

/** The best time of ours and of Python's, in turns, in milliseconds. */
async function against(
  peer: Peer,
  command: string,
  rounds: number,
  work: () => unknown,
): Promise<{ ours: number; python: number }> {
  const best = { ours: Infinity, python: Infinity };
  for (let round = 0; round < rounds; round++) {
    const begun = now();
    work();
    best.ours = Math.min(best.ours, now() - begun);
    best.python = Math.min(best.python, Number(await peer.ask(command)));
  }
  return best;
}

async function document(quick: boolean): Promise<Figure[]> {
  const check = "import sys, pickle; sys.exit(sys.version_info < (3, 8))";
  if (!hasPython(PYTHON, check)) return [];
  const value = records(quick ? 1000 : 100_000, record);
  const text = JSON.stringify(value);
  const peer = new Peer(PYTHON, "_pickle_peer.py");
  await peer.ask(text);
  // What Python writes for the same document: each its own strings, but for keys.
  const pickle = dumps(value, { sharedStrings: "keys" });
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", pickle));
  const hex = [...hash].map((b) => b.toString(16).padStart(2, "0")).join("");
  equal(hex, await peer.ask("hash"), "Python writes other bytes");
  deepEqual(JSON.stringify(loads(pickle)), text);
  deepEqual(JSON.stringify(loads(dumps(value))), text);
  const rounds = quick ? 1 : ROUNDS;
  const size = `${Math.round(text.length / 1e6)} MB of records`;
  const times = {
    dumps: await against(peer, "dumps", rounds, () => dumps(value)),
    "dumps, as Python's json has strings": await against(
      peer,
      "dumps",
      rounds,
      () => dumps(value, { sharedStrings: "keys" }),
    ),
    loads: await against(peer, "loads", rounds, () => loads(pickle)),
  };
  peer.close();
  return Object.entries(times).map(([name, time]) => ({
    name: `pickle, ${size}: ${name}, speed against CPython`,
    value: time.python / time.ours,
    unit: "x",
    atLeast: 1,
    detail: detailOf(time),
  }));
}

async function array(quick: boolean): Promise<Figure[]> {
  const value = new Float64Array(quick ? 10_000 : 6_250_000);
  for (let i = 0; i < value.length; i++) value[i] = Math.sin(i);
  const bytes = new Uint8Array(value.buffer);
  const last = value.length - 1;
  let taken: Uint8Array | undefined;
  const outOfBand = () =>
    dumps(value, { protocol: 5, bufferCallback: (b) => void (taken = b) });
  outOfBand();
  equal(taken!.buffer, value.buffer, "a buffer is a copy");
  const inBand = dumps(value, { protocol: 5 });
  const times = await race(quick ? 1 : 15, {
    memcpy: () => new Float64Array(new Uint8Array(bytes).buffer)[last],
    dumps() {
      const pickle = dumps(value, { protocol: 5 });
      return new Float64Array(pickle.slice(pickle.length - 80).buffer, 0, 1)
          .length && pickle.length === inBand.length
        ? value[last]
        : undefined;
    },
    "out of band": () => outOfBand() && value[last],
    loads() {
      const array = loads(inBand) as { get(index: number): unknown };
      return array.get(last);
    },
  });
  const against = (name: "dumps" | "loads" | "out of band") => ({
    name: `pickle, Float64Array of 50 MB: ${name}, speed against memcpy`,
    value: times.memcpy / times[name],
    unit: "x" as const,
    atLeast: 0.7,
  });
  return [
    { ...against("dumps"), detail: detailOf(times) },
    against("loads"),
    { ...against("out of band"), atLeast: 100 },
  ];
}

export const pickles: Case = async ({ quick }) => [
  ...await document(quick),
  ...await array(quick),
];
