import type { Bytes } from "../types.ts";
import { FormatError, TruncatedError } from "../errors.ts";
import { STAGE } from "./machine.ts";
import { OPCODE_OF } from "./opcodes.ts";
import { PyByteArray } from "./values/bytes.ts";
import { argumentOf } from "./disassemble_argument.ts";

/** One instruction of a pickle. */
export interface PickleInstruction {
  /** Where it is, in bytes from the start. */
  readonly offset: number;
  /** Its byte. */
  readonly code: number;
  /** Its name, as in Python's `pickletools`. */
  readonly name: string;
  /** The first protocol that has it. */
  readonly protocol: number;
  /** Its argument, `undefined` if it has none; the two parts of a name have a space between them. */
  readonly argument: unknown;
  /** How many marks are set before it. */
  readonly level: number;
  /** Where the mark is that it takes away. */
  readonly mark: number | undefined;
  /** The index of the memo that it writes without saying so. */
  readonly memo: number | undefined;
}

/**
 * The instructions of a pickle, one after the other up to STOP. They are read, and none is followed.
 *
 * @param pickle The pickle.
 * @returns The instructions.
 * @throws {FormatError} Where there is none, after those before it; {@linkcode TruncatedError} if the pickle is cut.
 *
 * @example
 * ```ts
 * import { disassemble } from "@brine/brine/pickle";
 * import { deepEqual } from "node:assert/strict";
 *
 * const pickle = new TextEncoder().encode("cos\nsystem\n(Vls\ntR.");
 * deepEqual(
 *   [...disassemble(pickle)].map(({ name }) => name),
 *   ["GLOBAL", "MARK", "UNICODE", "TUPLE", "REDUCE", "STOP"],
 * );
 * ```
 */
export function* disassemble(
  pickle: Uint8Array<ArrayBuffer>,
): Generator<PickleInstruction> {
  const marks = new Marks();
  const memo = new Set<number>();
  let offset = 0;
  while (true) {
    const code = pickle[offset];
    if (code === undefined) throw new TruncatedError(STAGE, CUT, { offset });
    const opcode = OPCODE_OF[code];
    if (!opcode) {
      const message = `there is no opcode 0x${code.toString(16)}`;
      throw new FormatError(STAGE, message, { offset });
    }
    const read = argumentOf(pickle as Bytes, offset, opcode.argument);
    const { name, protocol } = opcode;
    const level = marks.level;
    const mark = marks.step(name, offset);
    yield {
      offset,
      code,
      name,
      protocol,
      argument: name === "BYTEARRAY8"
        ? asByteArray(read.value as Bytes)
        : read.value,
      level,
      mark,
      memo: name === "MEMOIZE" ? memo.size : undefined,
    };
    if (name === "MEMOIZE") memo.add(memo.size);
    else if (name.endsWith("PUT")) memo.add(Number(read.value));
    offset = read.next;
    if (name === "STOP") return;
  }
}

function asByteArray({ buffer, byteOffset, length }: Bytes): PyByteArray {
  return new PyByteArray(buffer, byteOffset, length);
}

const CUT = "the pickle is cut";

/** By how much an opcode makes the stack higher, if it is not by one and there is no mark. */
const EFFECTS: ReadonlyMap<string, number> = new Map([
  ["STOP", -1],
  ["POP", -1],
  ["APPEND", -1],
  ["REDUCE", -1],
  ["BUILD", -1],
  ["NEWOBJ", -1],
  ["STACK_GLOBAL", -1],
  ["TUPLE2", -1],
  ["NEWOBJ_EX", -2],
  ["SETITEM", -2],
  ["TUPLE3", -2],
  ["TUPLE1", 0],
  ["BINPERSID", 0],
  ["READONLY_BUFFER", 0],
  ["PROTO", 0],
  ["FRAME", 0],
  ["PUT", 0],
  ["BINPUT", 0],
  ["LONG_BINPUT", 0],
  ["MEMOIZE", 0],
]);

/** Opcodes that take all down to a mark, and whether they leave a value in its place. */
const TO_MARK: ReadonlyMap<string, number> = new Map([
  ["APPENDS", 0],
  ["SETITEMS", 0],
  ["ADDITEMS", 0],
  ["POP_MARK", 0],
  ["TUPLE", 1],
  ["LIST", 1],
  ["DICT", 1],
  ["FROZENSET", 1],
  ["INST", 1],
  ["OBJ", 1],
]);

/** Where marks are, and how high the stack is: no more of it is needed to tell which mark an opcode takes. */
class Marks {
  readonly #marks: { readonly offset: number; readonly height: number }[] = [];
  #height = 0;

  get level(): number {
    return this.#marks.length;
  }

  /** Takes an opcode into account: where the mark is that it takes away. */
  step(name: string, offset: number): number | undefined {
    if (name === "MARK") {
      this.#marks.push({ offset, height: this.#height });
      return undefined;
    }
    const top = this.#marks[this.#marks.length - 1];
    const left = TO_MARK.get(name);
    if (top && (left !== undefined || this.#popsMark(name, top.height))) {
      this.#marks.pop();
      this.#height = top.height + (left ?? 0);
      return top.offset;
    }
    this.#height += EFFECTS.get(name) ?? 1;
    return undefined;
  }

  #popsMark(name: string, height: number): boolean {
    return name === "POP" && height === this.#height;
  }
}
