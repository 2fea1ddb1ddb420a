import process from "node:process";
import { type Bytes, formatOf, progress } from "../../mod.ts";
import { CliError, EXIT } from "./errors.ts";
import { openInput, openOutput, STDIO } from "./files.ts";
import {
  between,
  type FormatChoice,
  identify,
  reader,
  type Writer,
  writer,
} from "./formats.ts";
import { clearBar, progressBar } from "./progress_bar.ts";
import { sweeping } from "./sweep.ts";
import { formatBytes } from "./text.ts";

/** What `encode`, `decode` and `convert` are told. */
export interface ConvertOptions extends FormatChoice {
  readonly input: string;
  readonly output: string;
  readonly quiet: boolean;
}

/** What tells the three commands apart. */
interface Direction {
  /** The format of the output, if neither the user nor its name tells. */
  readonly otherwise?: string;
  /** Only brine and lines are read. */
  readonly typedOnly?: boolean;
}

/** Anything to brine. */
export function encode(options: ConvertOptions): Promise<void> {
  return run(options, { otherwise: "brine" });
}

/** Brine to anything. */
export function decode(options: ConvertOptions): Promise<void> {
  return run(options, { otherwise: "ndjson", typedOnly: true });
}

/** Anything to anything. */
export function convert(options: ConvertOptions): Promise<void> {
  return run(options, {});
}

async function run(
  options: ConvertOptions,
  { otherwise, typedOnly }: Direction,
): Promise<void> {
  const began = performance.now();
  // Unknown names are told before anything is opened.
  refuseTerminal(options.output, writer(options.output, options, otherwise));
  if (options.from !== undefined) formatOf(options.from);
  const input = await openInput(options.input);
  const isPrompt = input.size !== undefined;
  const choice = { ...options, isPrompt };
  const to = writer(options.output, choice, otherwise);
  const bar = progressBar({ total: input.size, quiet: options.quiet });
  const readable = input.readable.pipeThrough(bar);
  const from = await identify({ ...input, readable }, options.from, typedOnly);
  const output = await openOutput(options.output);
  const values = from.readable
    .pipeThrough(reader(from.format, options).decoder());
  const bytes = between(values, from.format, to.format, options)
    .pipeThrough(to.stage.encoder());
  const coded = to.around ? bytes.pipeThrough(to.around.encoder()) : bytes;
  let written = 0;
  const counter = progress<Bytes>(({ bytes }) => written = bytes);
  await coded
    .pipeThrough(counter.encoder())
    .pipeThrough(sweeping())
    .pipeTo(output);
  clearBar();
  if (!options.quiet && process.stderr.isTTY) {
    const seconds = (performance.now() - began) / 1000;
    const size = input.size === undefined ? "" : `${formatBytes(input.size)} `;
    process.stderr.write(
      `${size}${from.format.name} to ${formatBytes(written)} ` +
        `${to.format.name} in ${seconds.toFixed(1)} s\n`,
    );
  }
}

const BINARY = ["brine", "msgpack", "pickle", "dask", "npy", "npz"];

/** What is no text would only disturb a terminal. */
function refuseTerminal(output: string, { format, around }: Writer): void {
  const isText = !around && !BINARY.includes(format.name);
  if (output !== STDIO || isText || !process.stdout.isTTY) return;
  throw new CliError(
    `Cannot write ${(around ?? format).name} to a terminal: name a file`,
    EXIT.usage,
  );
}
