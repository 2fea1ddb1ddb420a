import { FormatError } from "../../../errors.ts";
import { lazyPickle } from "../../../lazy_registry.ts";
import { pickle as pickleFamily } from "../../../pickle/family.ts";
import { defaultGlobals } from "../../../pickle/default_globals.ts";
import { disassemble } from "../../../pickle/disassemble.ts";
import { formatInstruction } from "../../../pickle/format.ts";
import { resultOf } from "../../../pickle/loads.ts";
import { Machine } from "../../../pickle/machine.ts";
import { run } from "../../../pickle/run.ts";
import { inspectPickle } from "../../../pickle/verdict.ts";
import type { Bytes } from "../../../types.ts";
import { describers } from "./describe.ts";
import { describePython } from "./describe_python.ts";
import { tabularOfPython } from "./python_tables.ts";
import { tablers } from "./tables.ts";

/** Makes the page know Python's values. */
export function know(): void {
  if (describers.includes(describePython)) return;
  describers.push(describePython);
  tablers.push(tabularOfPython);
  lazyPickle.fill(pickleFamily());
}

/** Names that are told of; the instructions have all. */
const MAX_NAMES = 8;

function some(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  const text = names.slice(0, MAX_NAMES).join(", ");
  return rest > 0 ? `${text}, and ${rest} more` : text;
}

/** Instructions that are listed. */
const MAX_LISTED = 2_000;

/** The pickle at a place, and where the next one begins. */
export function readPickle(
  bytes: Bytes,
  at: number,
): { value: unknown; end: number } {
  const machine = new Machine({}, defaultGlobals);
  const pickle = bytes.subarray(at);
  machine.size = bytes.length;
  machine.origin = at;
  if (!run(machine, pickle)) throw machine.truncated();
  if (machine.at === 0) {
    throw new FormatError("pickle", "there is no pickle", { offset: at });
  }
  return { value: resultOf(machine), end: at + machine.at };
}

/** What there is to know of a pickle before Python loads it. */
export function aboutPickle(
  pickle: Bytes,
): { notes: string[]; listing: string } {
  const { kind, protocol, known, unknown } = inspectPickle(pickle);
  const notes = [`protocol ${protocol}`];
  if (kind === "plain") notes.push("names nothing: only plain data");
  if (known.length > 0) notes.push(`known names: ${some(known)}`);
  if (unknown.length > 0) {
    notes.push(
      `Python would import, and may call: ${
        unknown.join(", ")
      }. Nothing of it is run here.`,
    );
  }
  const lines: string[] = [];
  try {
    for (const instruction of disassemble(pickle)) {
      if (
        lines.push(formatInstruction(instruction, { maxLength: 100 })) <
          MAX_LISTED
      ) continue;
      lines.push("…");
      break;
    }
  } catch (error) {
    lines.push(String(error));
  }
  return { notes, listing: lines.join("\n") };
}
