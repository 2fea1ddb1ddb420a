import { style } from "./style.ts";
import { type PackedMessage, PackedMessageStream } from "../../mod.ts";
import { DaskBlobStream } from "../../streams/dask/blobs.ts";
import { asDamage, CliError, EXIT, exitCodeOf } from "./errors.ts";
import { type Input, openInput, writeOut } from "./files.ts";
import { identify } from "./formats.ts";
import { progressBar } from "./progress_bar.ts";
import { describeBlob, describeMessage, type Row, Totals } from "./rows.ts";
import {
  type Column,
  formatBytes,
  formatCount,
  formatRow,
  formatTitles,
  plural,
} from "./text.ts";

/** What `inspect` is told. */
export interface InspectOptions {
  readonly input: string;
  /** The format, if that is not to be told by the bytes. */
  readonly from?: string | undefined;
  readonly json: boolean;
  readonly all: boolean;
  readonly quiet: boolean;
}

/** Where the rows and what they come to are shown. */
interface View {
  begin(): Promise<void>;
  row(row: Row): Promise<void>;
  end(totals: Totals, error: unknown): Promise<void>;
}

/** Shows how a stream of brine is built; of a damaged one, all that comes before the damage. */
export async function inspect(options: InspectOptions): Promise<void> {
  const input = await openInput(options.input);
  const { messages, describe } = await packedMessages(input, options);
  const view = options.json ? jsonView(input.name) : tableView(options.all);
  const totals = new Totals();
  let failure: { readonly error: unknown } | undefined;
  await view.begin();
  try {
    for await (const packed of messages) {
      const row = describe(packed);
      totals.add(packed, row);
      if (row) await view.row(row);
    }
  } catch (error) {
    if (exitCodeOf(error) === EXIT.failure) throw error;
    failure = { error };
  }
  await view.end(totals, failure?.error);
  if (failure) throw asDamage(failure.error);
}

/** What is looked at, and how. */
interface Packed {
  readonly messages: ReadableStream<PackedMessage>;
  describe(packed: PackedMessage): Row | undefined;
}

async function packedMessages(
  input: Input,
  { from, quiet }: InspectOptions,
): Promise<Packed> {
  const bar = progressBar({ total: input.size, quiet });
  const readable = input.readable.pipeThrough(bar);
  const { format, readable: bytes } = await identify(
    { ...input, readable },
    from,
    ["dask"],
  );
  switch (format.name) {
    case "brine": {
      const messages = bytes.pipeThrough(new PackedMessageStream());
      return { messages, describe: describeMessage };
    }
    case "dask": {
      const messages = bytes.pipeThrough(new DaskBlobStream());
      return { messages, describe: describeBlob };
    }
  }
  await bytes.cancel();
  throw new CliError(
    `Cannot inspect ${input.name}: it is ${format.name}, so convert it to brine first`,
    EXIT.badInput,
  );
}

const COLUMNS: readonly Column[] = [
  { title: "offset", width: 14 },
  { title: "family", width: 14, align: "left" },
  { title: "values", width: 10 },
  { title: "frames", width: 6 },
  { title: "codec", width: 9, align: "left" },
  { title: "stored", width: 9 },
  { title: "plain", width: 9 },
  { title: "ratio", width: 6 },
];
/** Rows that are shown of a long stream, at its start and at its end. */
const FIRST = 10;
const LAST = 5;

function tableView(all: boolean): View {
  const last: Row[] = [];
  let shown = 0;
  let held = 0;
  const show = (row: Row) => writeOut(`${rowText(row)}\n`);
  return {
    begin: () => writeOut(`${style.bold(formatTitles(COLUMNS))}\n`),
    async row(row) {
      if (all || shown < FIRST) {
        shown++;
        return await show(row);
      }
      last[held++ % LAST] = row;
    },
    async end(totals, error) {
      const left = held - last.length;
      if (left > 0) {
        await writeOut(style.dim(`… ${plural(left, "more message")} …`) + "\n");
      }
      for (let i = 0; i < last.length; i++) {
        await show(last[(held + i) % last.length]!);
      }
      await writeOut(`\n${totalsText(totals, error)}\n`);
    },
  };
}

function rowText(row: Row): string {
  const { plainBytes } = row;
  return formatRow(COLUMNS, [
    formatCount(row.offset),
    row.tagged ? `${row.family} +types` : row.family,
    formatCount(row.values),
    formatCount(row.frames),
    row.codecs.join(","),
    formatBytes(row.storedBytes),
    plainBytes === null ? "?" : formatBytes(plainBytes),
    plainBytes === null ? "?" : (plainBytes / row.storedBytes).toFixed(2),
  ]);
}

function totalsText(totals: Totals, error: unknown): string {
  const { messages, values, storedBytes, plainBytes, ratio } = totals.toJSON();
  const parts = [
    plural(messages, "message"),
    plural(values, "value"),
    `${formatBytes(storedBytes)} stored`,
    ...(plainBytes === null
      ? []
      : [`${formatBytes(plainBytes)} plain (${ratio}x)`]),
    totals.end ? `end and index of ${plural(totals.end.index, "place")}` : "",
  ];
  const text = parts.filter(Boolean).join(", ");
  return error ? `${text}\n${style.red("damaged")} after that` : text;
}

/** One document, written as it comes, so that it may be of any length. */
function jsonView(file: string): View {
  let separator = "\n";
  return {
    begin: () => writeOut(`{"file":${JSON.stringify(file)},"messages":[`),
    async row(row) {
      await writeOut(separator + JSON.stringify(row));
      separator = ",\n";
    },
    async end(totals, error) {
      const rest = JSON.stringify({
        totals,
        end: totals.end ?? null,
        error: error ? jsonError(error) : null,
      });
      await writeOut(`\n],${rest.slice(1)}\n`);
    },
  };
}

function jsonError(error: unknown): Record<string, unknown> {
  const { name, message, stage, offset } = error as Record<string, unknown>;
  return { name, message, stage, offset };
}
