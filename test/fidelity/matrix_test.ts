import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { names } from "../../bench/fidelity/_names.ts";
import { peers, registry } from "../../bench/fidelity/peers.ts";
import { type Peer, rows, runRow } from "../../bench/fidelity/rows.ts";
import { wrongOf } from "../../bench/fidelity/verdict.ts";
import {
  type Bytes,
  type Codec,
  dumps,
  frames,
  lines,
  liveMessages,
  type Message,
  messages,
  pipe,
  serialize,
  serializeLive,
  type Stage,
  zstd,
} from "../../mod.ts";

const maxDepth = 300_000;
const families = ["json", "msgpack"] as const;
const framings: Readonly<Record<string, () => Stage<Message, Bytes>>> = {
  frames,
  lines,
};

/** Bytes that come one by one; long ones, so that it takes no minutes, in pieces. */
function* pieces(bytes: Bytes): Generator<Bytes> {
  const step = Math.ceil(bytes.length / 2_000);
  for (let i = 0; i < bytes.length; i += step) yield bytes.slice(i, i + step);
}

/** A pipeline as a peer: its decoder gives the value before the end has come. */
function streamed(pipeline: Stage<unknown, Bytes>): Peer {
  return {
    encode: (value) => dumps(value, pipeline),
    async decode(wire) {
      const { readable, writable } = pipeline.decoder();
      ReadableStream.from(pieces(wire as Bytes)).pipeTo(writable)
        .catch(() => {});
      return (await readable.getReader().read()).value;
    },
  };
}

/** Every way there is to take a value to bytes: name, and who does it. */
function ways(): Record<string, Peer> {
  const all: Record<string, Peer> = {};
  for (const name of names) {
    if (name.startsWith("Brine")) all[name] = peers[name]!;
  }
  for (const family of families) {
    const options = { registry, family, maxDepth };
    const codec: Codec = zstd();
    all[`Brine, messages, ${family}`] = streamed(messages(options));
    all[`Brine live, zstd, ${family}`] = streamed(
      liveMessages({ ...options, codec }),
    );
    for (const [name, framing] of Object.entries(framings)) {
      all[`Brine, ${name}, ${family}`] = streamed(
        pipe(serialize(options), framing()),
      );
      all[`Brine live, ${name}, ${family}`] = streamed(
        pipe(serializeLive(options), framing()),
      );
    }
  }
  return all;
}

describe("the matrix of values", () => {
  test("has 59 rows, each with a name of its own", () => {
    equal(rows.length, 59);
    equal(new Set(rows.map(({ name }) => name)).size, 59);
    deepEqual(Object.keys(peers), [...names]);
  });

  for (const [name, peer] of Object.entries(ways())) {
    test(`${name}: kept, or refused with its path`, async () => {
      const results = [];
      for (const row of rows) results.push(await runRow(row, peer));
      deepEqual(wrongOf(name, results), []);
    });
  }

  test("a value that changes is told from one that is kept", async () => {
    const json: Peer = {
      encode: JSON.stringify,
      decode: (text) => JSON.parse(text as string),
    };
    const results = [];
    for (const row of rows) results.push(await runRow(row, json));
    const kept = results.filter(({ outcome }) => outcome === "ok");
    // Depth depends on the runtime's stack.
    const sure = kept.filter(({ row }) => !row.startsWith("depth"));
    deepEqual(sure.map(({ row }) => row), [
      "number 2^60 stays number",
      "lone surrogate string",
      "string NUL/astral/U+2028/</script>",
      "own '__proto__' key as data",
      "keys constructor/toString as data",
    ]);
    ok(wrongOf("Brine json", results).length > 40);
  });
});

test("docs/fidelity.md tells of all rows, and of nothing that Brine changes", () => {
  const page = readFileSync(
    new URL("../../docs/fidelity.md", import.meta.url),
    "utf8",
  );
  const runtimes = page.split("\n## ").filter((part) =>
    /^(Bun|Deno|Node)\n/.test(part)
  );
  equal(runtimes.length, 3);
  for (const part of runtimes) {
    for (const { name } of rows) {
      ok(part.includes(`| \`${name}\` `), name);
    }
    const totals = part.match(/^\| Brine [a-z ]+\| +\d+ +\| +\d+ +\|/gm)!;
    equal(totals.length, 4);
    for (const line of totals) ok(/\| +0 +\|$/.test(line), line);
  }
});
