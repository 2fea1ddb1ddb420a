/**
 * Prefect's serializers against the real Prefect, which takes turns with them in a process of its own and times itself: a document
 * of 100,000 records, 21 MB as JSON. Each reads what the other wrote before anything is timed.
 */
import { equal } from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { serializer, type SerializerConfig } from "../streams/prefect/mod.ts";
import { records } from "./_data.ts";
import { type Case, detailOf, type Figure, now } from "./_measure.ts";
import { hasPython, Peer } from "./_peer.ts";
import { record } from "./pickle.ts";

const VENV = fileURLToPath(
  new URL("../.ci/venv-prefect/bin/python", import.meta.url),
);
const PYTHON = process.env.BRINE_PREFECT_PYTHON ??
  (existsSync(VENV) ? VENV : "python3");
const ROUNDS = 8;
/** What has taken so long has been measured often enough, in milliseconds. */
const ENOUGH = 8_000;

/** A serializer, and how fast it has to be beside Prefect's. */
interface Row {
  readonly config: SerializerConfig;
  readonly dumps: number;
  readonly loads: number;
}

const packed = (compressionlib: string, dumps: number, loads: number): Row => ({
  config: { type: "compressed/json", compressionlib },
  dumps,
  loads,
});
const ROWS: readonly Row[] = [
  { config: { type: "json" }, dumps: 1.5, loads: 1.5 },
  { config: { type: "pickle" }, dumps: 1, loads: 1 },
  packed("zlib", 1.5, 1.5),
  packed("gzip", 1.5, 1.5),
  packed("lzma", 0.5, 0.5),
];

/** The best time of ours and of Prefect's, in turns, in milliseconds. */
async function against(
  ask: () => Promise<string>,
  quick: boolean,
  work: () => Promise<unknown>,
): Promise<{ ours: number; prefect: number }> {
  const best = { ours: Infinity, prefect: Infinity };
  const start = performance.now();
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    const begun = now();
    await work();
    best.ours = Math.min(best.ours, now() - begun);
    best.prefect = Math.min(best.prefect, Number(await ask()));
    if (performance.now() - start > ENOUGH) break;
  }
  return best;
}

async function measure(
  { config, ...bars }: Row,
  value: unknown,
  peer: Peer,
  folder: string,
  quick: boolean,
): Promise<{ name: string; time: Record<string, number>; atLeast: number }[]> {
  const file = join(folder, "blob");
  const ask = (command: string) =>
    peer.ask(`${command}\t${JSON.stringify(config)}\t${file}`);
  const own = serializer(config);
  const text = JSON.stringify(value);
  writeFileSync(file, await own.dumps(value));
  equal(await ask("check"), "same", "Prefect reads something else");
  await ask("blob");
  const blob = new Uint8Array(readFileSync(file));
  equal(JSON.stringify(await own.loads(blob)), text);
  const { type, compressionlib } = config;
  const name = compressionlib ? `${type} with ${compressionlib}` : type;
  const dumps = await against(
    () => ask("dumps"),
    quick,
    () => own.dumps(value),
  );
  const loads = await against(() => ask("loads"), quick, () => own.loads(blob));
  return [
    { name: `${name}: dumps`, time: dumps, atLeast: bars.dumps },
    { name: `${name}: loads`, time: loads, atLeast: bars.loads },
  ];
}

export const prefect: Case = async ({ quick }) => {
  const check =
    "import importlib.util as i, sys; sys.exit(i.find_spec('prefect') is None)";
  if (!hasPython(PYTHON, check)) return [];
  const value = records(quick ? 1000 : 100_000, record);
  const text = JSON.stringify(value);
  const peer = new Peer(PYTHON, "_prefect_peer.py");
  const folder = mkdtempSync(join(tmpdir(), "prefect-"));
  const figures: Figure[] = [];
  try {
    const version = await peer.ask(text);
    for (const row of ROWS) {
      for (
        const { name, time, atLeast } of await measure(
          row,
          value,
          peer,
          folder,
          quick,
        )
      ) {
        figures.push({
          name: `prefect, ${Math.round(text.length / 1e6)} MB as ${name}, ` +
            `speed against Prefect ${version}`,
          value: time.prefect! / time.ours!,
          unit: "x",
          atLeast,
          detail: detailOf(time),
        });
      }
    }
  } finally {
    peer.close();
    rmSync(folder, { recursive: true });
  }
  return figures;
};
