/** Checks of the golden vectors, one function for each list. */
import { decodeBase64 } from "@std/encoding/base64";
import {
  loads,
  type PickleLoadOptions,
  PyByteArray,
  PyTuple,
} from "../../src/pickle/mod.ts";
import { compare } from "./_compare.ts";
import { type Desc, describe } from "./_describe.ts";
import { madeWith } from "./_describe_pandas.ts";
import { globals } from "./_vecmod.ts";

/** A file of vectors, as far as it is read here. */
export interface Vectors {
  readonly made_with?: { readonly pandas?: string | null };
  readonly values?: readonly Desc[];
  readonly cloudpickle?: readonly Desc[];
  readonly opcodes?: readonly Desc[];
  readonly bad_pickles?: readonly Desc[];
  readonly hostile?: readonly Desc[];
}

/** One thing to be checked: `run` throws if it is not as it should be. */
export interface Check {
  readonly name: string;
  run(): void;
}

const OPTIONS: PickleLoadOptions = {
  globals,
  floats: "wrap",
  datetimes: "python",
};

/** All that there is to check in a file. */
export function* checks(vectors: Vectors): Generator<Check> {
  madeWith.pandas = vectors.made_with?.pandas ?? "";
  for (const e of vectors.values ?? []) yield* valueChecks(e);
  for (const e of vectors.cloudpickle ?? []) {
    yield check(`cloudpickle ${e.id}`, () => same(read(e.pickle), e.desc));
  }
  for (const e of vectors.opcodes ?? []) {
    yield check(
      `opcodes ${e.id}`,
      () => same(read(e.pickle, hooksOf(e)), e.desc),
    );
  }
  for (const e of vectors.bad_pickles ?? []) {
    yield check(`bad_pickles ${e.id}`, () => refused(() => read(e.pickle)));
  }
  for (const e of vectors.hostile ?? []) {
    yield check(`hostile ${e.id}`, () => hostile(e));
  }
}

function* valueChecks(e: Desc): Generator<Check> {
  for (const [protocol, pickle] of Object.entries(e.pickles ?? {})) {
    const desc = e.desc_by_protocol?.[protocol] ?? e.desc;
    yield check(`values ${e.id} p${protocol}`, () => {
      same(read(pickle as string), desc);
      // As most will read it: it has to be read, whatever it is then.
      loads(bytesOf(pickle as string));
    });
  }
  if (e.oob) {
    const buffers = e.oob.buffers.map((buffer: string, i: number) =>
      e.oob.writable?.[i]
        ? new PyByteArray(bytesOf(buffer).buffer)
        : bytesOf(buffer)
    );
    yield check(
      `values ${e.id} oob`,
      () => same(read(e.oob.pickle, { buffers }), e.desc),
    );
  }
}

const check = (name: string, run: () => void): Check => ({ name, run });

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(decodeBase64(base64));
}

function read(pickle: string, options: PickleLoadOptions = {}): unknown {
  return loads(bytesOf(pickle), { ...OPTIONS, ...options });
}

function same(value: unknown, desc: unknown): void {
  const got = describe(value);
  if (compare(got, desc) !== "different") return;
  throw new Error(
    `\n   got  ${JSON.stringify(got).slice(0, 600)}\n   want ${
      JSON.stringify(desc).slice(0, 600)
    }`,
  );
}

function refused(work: () => unknown): void {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    const known = [
      "FormatError",
      "TruncatedError",
      "LimitError",
      "UnknownNameError",
    ];
    if (known.includes((error as Error).name)) return;
    throw error;
  }
  throw new Error(`it was read as ${String(value)}`);
}

const EXTENSIONS: ReadonlyMap<number, readonly [string, string]> = new Map([
  [3, ["builtins", "int"]],
  [300, ["builtins", "str"]],
  [70_000, ["builtins", "list"]],
]);

function hooksOf(e: Desc): PickleLoadOptions {
  return {
    persistentLoad: (id) => PyTuple.of("persistent", id),
    extension: (code) => EXTENSIONS.get(code),
    encoding: e.encoding,
    buffers: e.buffers?.map(bytesOf),
  };
}

/** How long a hostile pickle may take, in milliseconds. */
const MAX_TIME = 1000;

function hostile(e: Desc): void {
  const pickle = hostileBytes(e);
  const options = { ...OPTIONS, unknown: "refuse" } as const;
  switch (e.expect) {
    case "refuse-global":
      refused(inTime(() => loads(pickle, options)));
      survives(inTime(() => loads(pickle, OPTIONS)));
      break;
    case "plain":
      same(inTime(() => loads(pickle, options))(), e.desc);
      break;
    default:
      survives(inTime(() => loads(pickle, OPTIONS)));
  }
  if (({} as Desc).polluted !== undefined) {
    throw new Error("all objects were changed");
  }
}

/** Does it, and gives what came of it, a value or an error, if that took not too long; twice, for the machine may be busy. */
function inTime(work: () => unknown): () => unknown {
  let time = 0;
  for (let attempt = 0; attempt < 2; attempt++) {
    const begun = performance.now();
    const outcome = outcomeOf(work);
    time = performance.now() - begun;
    if (time <= MAX_TIME) return outcome;
  }
  throw new Error(`it took ${Math.round(time)} ms`);
}

function outcomeOf(work: () => unknown): () => unknown {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** It may be read or refused, but no more than that. */
function survives(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    const known = [
      "FormatError",
      "TruncatedError",
      "LimitError",
      "UnknownNameError",
    ];
    if (!known.includes((error as Error).name)) throw error;
  }
}

/** The bytes of a recipe. */
export function hostileBytes(e: Desc): Uint8Array<ArrayBuffer> {
  const parts: [string, number][] = e.parts ?? [[e.hex, 1]];
  const length = parts.reduce((sum, [hex, n]) => sum + hex.length / 2 * n, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const [hex, times] of parts) {
    const part = Uint8Array.from(
      hex.match(/../g) ?? [],
      (byte) => parseInt(byte, 16),
    );
    if (part.length === 1) bytes.fill(part[0]!, at, at + times);
    else for (let i = 0; i < times; i++) bytes.set(part, at + i * part.length);
    at += part.length * times;
  }
  return bytes;
}
