import { style } from "./style.ts";
import {
  disassemble,
  formatInstruction,
  inspectPickle,
  type PickleVerdict,
} from "../pickle/mod.ts";
import { CliError, EXIT } from "./errors.ts";
import { openInput, writeOut } from "./files.ts";

/** What `pickle dis` is told. */
export interface PickleOptions {
  readonly input: string;
  readonly json: boolean;
  readonly verdict: boolean;
}

/** Lines that are written in one go. */
const LINES = 2000;
/** Characters of an argument that are shown. */
const SHOWN = 100;

/** Lists the instructions of a pickle, and says what it would make Python import. */
export async function disassemblePickle(options: PickleOptions): Promise<void> {
  const input = await openInput(options.input);
  const pickle = new Uint8Array(
    await new Response(input.readable).arrayBuffer(),
  );
  const verdict = inspectPickle(pickle);
  if (options.json) await writeOut(`${JSON.stringify(plain(verdict))}\n`);
  else {
    const protocol = options.verdict ? undefined : await list(pickle);
    await writeOut(describe(verdict, protocol));
  }
  if (verdict.error) throw verdict.error;
  if (verdict.kind === "unknown") {
    throw new CliError(
      `${input.name} names what is not known here: Python would import it`,
      EXIT.unknownName,
    );
  }
}

/** Writes all that can be read; the highest protocol among it. */
async function list(pickle: Uint8Array<ArrayBuffer>): Promise<number> {
  let lines: string[] = [];
  let protocol = 0;
  const flush = async () => {
    if (lines.length > 0) await writeOut(`${lines.join("\n")}\n`);
    lines = [];
  };
  try {
    for (const instruction of disassemble(pickle)) {
      protocol = Math.max(protocol, instruction.protocol);
      lines.push(formatInstruction(instruction, { maxLength: SHOWN }));
      if (lines.length === LINES) await flush();
    }
  } catch {
    // The verdict says what is wrong, and where.
  }
  await flush();
  return protocol;
}

const WORDS: Readonly<Record<PickleVerdict["kind"], string>> = {
  plain: "plain data, no names",
  known: "known types",
  unknown: "names that are not known",
  broken: "broken",
};

function describe(
  { kind, known, unknown }: PickleVerdict,
  protocol: number | undefined,
): string {
  const lines = protocol === undefined
    ? []
    : [`highest protocol among opcodes = ${protocol}`];
  lines.push(`${style.bold("verdict")}: ${WORDS[kind]}`);
  for (const name of known) lines.push(`  known    ${shown(name)}`);
  for (const name of unknown) {
    lines.push(`  ${style.red("unknown")}  ${shown(name)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Names come from the input: they are not to move the cursor about. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200)).slice(1, -1);
}

function plain({ error, ...verdict }: PickleVerdict): unknown {
  return { ...verdict, error: error?.message ?? null };
}
