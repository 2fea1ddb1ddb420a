/** Checks of the golden vectors of Prefect, one function for each list. */
import { decodeBase64, encodeBase64 } from "@std/encoding/base64";
import {
  defaultClasses,
  dumpRecord,
  fromPickleClass,
  modelClass,
  openResult,
  PrefectClasses,
  type RecordOptions,
  type ResultMetadata,
  serializer,
  type SerializerOptions,
} from "../../streams/prefect/mod.ts";
import { mime } from "../../streams/prefect/_mime.ts";
import { collectBytes, streamOf } from "../../streams/_collect.ts";
import { compare } from "./_compare.ts";
import { type Desc, describe } from "./_describe.ts";
import { revive } from "./_revive.ts";
import { madeWith } from "./_describe_pandas.ts";
import { globals, KINDS } from "./_vecmod.ts";

/** A file of vectors, as far as it is read here. */
export interface PrefectVectors {
  readonly made_with?: { readonly pandas?: string | null };
  readonly prefect?: readonly Desc[];
  readonly decode_only?: readonly Desc[];
  readonly records?: readonly Desc[];
  readonly invalid_blobs?: readonly Desc[];
  readonly bad_configs?: readonly Desc[];
  readonly base64?: readonly Desc[];
}

/** One thing to be checked: `run` fails if it is not as it should be. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

const classes = new PrefectClasses(defaultClasses);
for (const [name, kind] of KINDS) {
  const types: Record<string, string> = name === "vecmod.Order"
    ? { at: "datetime.datetime", point: "vecmod.Point" }
    : {};
  if (kind.kind === "dataclass" || kind.kind === "pydantic") {
    classes.add(name, modelClass(name, types, classes));
  }
}
for (const name of ["Color", "Prio", "Perm", "Word", "AppError"]) {
  const meaning = globals.get("vecmod", name)!;
  classes.add(`vecmod.${name}`, fromPickleClass(meaning));
}

export const options: SerializerOptions = {
  classes,
  floats: "wrap",
  dicts: "auto",
  datetimes: "python",
  lossy: true,
  pickle: { globals },
};

/** All that there is to check in a file. */
export function* checks(vectors: PrefectVectors): Generator<Check> {
  madeWith.pandas = vectors.made_with?.pandas ?? "";
  for (const e of vectors.prefect ?? []) {
    yield { name: `prefect ${e.id}`, run: () => both(e) };
  }
  for (const e of vectors.decode_only ?? []) {
    yield {
      name: `decode_only ${e.id}`,
      run: async () => same(await loads(e), e.loads),
    };
  }
  for (const e of vectors.records ?? []) {
    yield { name: `records ${e.id}`, run: () => record(e) };
  }
  for (const e of vectors.invalid_blobs ?? []) {
    yield { name: `invalid_blobs ${e.id}`, run: () => refused(() => loads(e)) };
  }
  for (const e of vectors.bad_configs ?? []) {
    yield {
      name: `bad_configs ${JSON.stringify(e.config)}`,
      run: () => refused(() => serializer(e.config), e.error),
    };
  }
  for (const [i, e] of (vectors.base64 ?? []).entries()) {
    yield { name: `base64 ${i}`, run: () => base64(e) };
  }
}

/** What is only made by reading it. */
const UNMADE = new Set(["ndarray", "dataframe"]);

/** The value of a vector, `undefined` if it has to be read. */
export function valueOf(e: Desc): unknown {
  if (UNMADE.has(e.value?.t)) return undefined;
  if (e.value) return revive(e.value);
  // The only recipe there is: [{'i': i, 's': 'row %d' % i} for i in range(3000)]
  return Array.from({ length: 3000 }, (_, i) => ({ i, s: `row ${i}` }));
}

async function both(e: Desc): Promise<void> {
  const value = valueOf(e) ?? await loads(e);
  const want = e.loads ?? describe(value);
  same(await loads(e), want);
  const { serializer: config } = e;
  const own = serializer(config, options);
  if (JSON.stringify(own.toJSON()) !== JSON.stringify(config)) {
    throw new Error(`the settings became ${JSON.stringify(own)}`);
  }
  const blob = await own.dumps(value);
  if (e.deterministic && encodeBase64(blob) !== encodeBase64(blobOf(e))) {
    throw new Error(
      `other bytes\n   got  ${text(blob)}\n   want ${text(blobOf(e))}`,
    );
  }
  // Tables are written by calls of pandas' own functions, which only Python makes.
  if (e.value?.t !== "dataframe") same(await own.loads(blob), want);
}

const text = (blob: Uint8Array) => new TextDecoder().decode(blob).slice(0, 600);

/** The blob of a vector. */
export function blobOf(e: Desc): Uint8Array<ArrayBuffer> {
  if (e.recipe === "'[' * 100000 + ']' * 100000") {
    return new TextEncoder().encode("[".repeat(100_000) + "]".repeat(100_000));
  }
  return e.blob_b64 === undefined
    ? new TextEncoder().encode(e.blob)
    : new Uint8Array(decodeBase64(e.blob_b64));
}

async function loads(e: Desc): Promise<unknown> {
  return await serializer(e.serializer, options).loads(blobOf(e));
}

async function record(e: Desc): Promise<void> {
  const all = { ...options, ...e.serializer && { serializer: e.serializer } };
  const opened = await openResult(new TextEncoder().encode(e.record), all);
  if (e.error) return await refused(() => opened.value());
  const value = await opened.value();
  same(value, e.desc);
  if (e.metadata) await split(e, value);
}

/** The same with its parts in two files; and written again. */
async function split(e: Desc, value: unknown): Promise<void> {
  const raw = new TextEncoder().encode(e.raw_result);
  const { metadata } = await openResult(new TextEncoder().encode(e.metadata));
  if (JSON.stringify(metadata) !== e.metadata) {
    throw new Error(`the metadata became ${JSON.stringify(metadata)}`);
  }
  const parts = await openResult(raw, {
    ...options,
    metadata: { ...metadata },
  });
  same(await parts.value(), e.desc);
  const again = await dumpRecord(value, recordOptions(metadata));
  const isSame = new TextDecoder().decode(again) === e.record;
  if (metadata.serializer.type === "json" && !isSame) {
    throw new Error(`the record became ${text(again)}`);
  }
  same(await (await openResult(again, options)).value(), e.desc);
}

/** What a record says, as options to write it again. */
export function recordOptions(metadata: ResultMetadata): RecordOptions {
  return {
    ...options,
    serializer: metadata.serializer,
    storageKey: metadata.storage_key,
    expiration: metadata.expiration,
    prefectVersion: metadata.prefect_version ?? undefined,
    storageBlockId: metadata.storage_block_id,
  };
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

const KNOWN = [
  "FormatError",
  "TruncatedError",
  "LimitError",
  "UnknownNameError",
];

async function refused(work: () => unknown, message?: string): Promise<void> {
  let value: unknown;
  try {
    value = await work();
  } catch (error) {
    if (!KNOWN.includes((error as Error).name)) throw error;
    // What stands in brackets is a note.
    const said = message?.replace(/ \(level .*\)$/, "") ?? "";
    if ((error as Error).message.includes(said)) return;
    throw error;
  }
  throw new Error(`it was read as ${String(value)}`);
}

async function base64(e: Desc): Promise<void> {
  const through = async (stream: TransformStream, letters: string) => {
    const bytes = new Uint8Array(decodeBase64(letters));
    // Byte by byte, so that every cut is one that was.
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
    return encodeBase64(
      await collectBytes(streamOf(chunks).pipeThrough(stream)),
    );
  };
  if (e.encode !== undefined) {
    const got = await through(mime.encoder(), e.encode);
    const want = encodeBase64(new TextEncoder().encode(e.encodebytes));
    if (got !== want) throw new Error(`it became ${got}`);
  } else if (e.error) {
    await refused(() => through(mime.decoder(), e.in), e.error);
  } else {
    const got = await through(mime.decoder(), e.in);
    if (got !== e.out) throw new Error(`it became ${got}`);
  }
}
