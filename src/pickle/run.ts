import type { Bytes } from "../types.ts";
import { fillDict, fillList } from "./fill.ts";
import { roomyList, tupleOf } from "./lists.ts";
import { type Machine, MORE } from "./machine.ts";
import { step } from "./step.ts";
import { Strings } from "./strings.ts";
import { PyFloat } from "./values/number.ts";
import { PyTuple } from "./values/sequence.ts";

/**
 * Steps the machine through bytes as far as they reach. It is one long function, because it is what reading costs: the
 * opcodes that make up all of plain data are handled here, on local variables, and the others by `step`.
 *
 * @param machine The machine; `at` says where in the bytes the next opcode is.
 * @param bytes The bytes.
 * @param strings Reads text out of them; one that did so before has some of it at hand.
 * @param end Where in them the input ends, if they go on behind it.
 * @returns Whether it came to STOP; if not, `need` says how many bytes it takes from `at` on.
 */
export function run(
  machine: Machine,
  bytes: Bytes,
  strings: Strings = new Strings(bytes),
  end: number = bytes.length,
): boolean {
  const { stack, marks, memo, options } = machine;
  const { view } = strings;
  const asBigint = options.integers === "bigint";
  const wrapFloats = options.floats === "wrap";
  const asMap = options.dicts === "map";
  let { sp, base, at: pos } = machine;
  let stackCheck = 1024;
  let marksCheck = 1024;
  let memoCheck = machine.entries + 1024;

  while (pos < end) {
    machine.at = pos;
    if (sp >= stackCheck) stackCheck = machine.checkStack(sp);
    const code = bytes[pos++]!;
    let length: number;
    switch (code) {
      case 0x4b: // BININT1
        if (pos >= end) return more(machine, sp, 2);
        stack[sp++] = asBigint ? BigInt(bytes[pos++]!) : bytes[pos++]!;
        continue;
      case 0x4d: { // BININT2
        if (pos + 2 > end) return more(machine, sp, 3);
        const value = bytes[pos]! | bytes[pos + 1]! << 8;
        stack[sp++] = asBigint ? BigInt(value) : value;
        pos += 2;
        continue;
      }
      case 0x4a: { // BININT
        if (pos + 4 > end) return more(machine, sp, 5);
        const value = view.getInt32(pos, true);
        stack[sp++] = asBigint ? BigInt(value) : value;
        pos += 4;
        continue;
      }
      case 0x47: { // BINFLOAT
        if (pos + 8 > end) return more(machine, sp, 9);
        const value = view.getFloat64(pos, false);
        stack[sp++] = wrapFloats && Number.isInteger(value)
          ? new PyFloat(value)
          : value;
        pos += 8;
        continue;
      }
      case 0x4e: // NONE
        stack[sp++] = null;
        continue;
      case 0x88: // NEWTRUE
        stack[sp++] = true;
        continue;
      case 0x89: // NEWFALSE
        stack[sp++] = false;
        continue;
      case 0x8c: // SHORT_BINUNICODE
        if (pos >= end) return more(machine, sp, 2);
        length = bytes[pos++]!;
        break;
      case 0x58: // BINUNICODE
        if (pos + 4 > end) return more(machine, sp, 5);
        length = view.getUint32(pos, true);
        pos += 4;
        break;
      case 0x94: { // MEMOIZE
        if (sp <= base) throw underflow(machine, sp);
        const { entries } = machine;
        if (entries >= memoCheck) memoCheck = machine.checkMemo(entries);
        if (entries === machine.memoSize) {
          memo[machine.memoSize++] = stack[sp - 1];
        } else machine.memoize(entries, stack[sp - 1]);
        continue;
      }
      case 0x71: // BINPUT
        if (pos >= end) return more(machine, sp, 2);
        if (sp <= base) throw underflow(machine, sp);
        machine.memoize(bytes[pos++]!, stack[sp - 1]);
        continue;
      case 0x72: // LONG_BINPUT
        if (pos + 4 > end) return more(machine, sp, 5);
        if (sp <= base) throw underflow(machine, sp);
        machine.memoize(view.getUint32(pos, true), stack[sp - 1]);
        pos += 4;
        continue;
      case 0x68: { // BINGET
        if (pos >= end) return more(machine, sp, 2);
        const index = bytes[pos++]!;
        const value = memo[index];
        stack[sp++] = typeof value === "string" && index < machine.memoSize
          ? value
          : machine.recall(index);
        continue;
      }
      case 0x6a: { // LONG_BINGET
        if (pos + 4 > end) return more(machine, sp, 5);
        const index = view.getUint32(pos, true);
        const value = memo[index];
        stack[sp++] = typeof value === "string" && index < machine.memoSize
          ? value
          : machine.recall(index);
        pos += 4;
        continue;
      }
      case 0x28: // MARK
        if (marks.length >= marksCheck) {
          marksCheck = machine.checkStack(marks.length);
        }
        marks.push(machine.base = base = sp);
        continue;
      case 0x7d: // EMPTY_DICT
        stack[sp++] = asMap ? new Map() : {};
        continue;
      case 0x5d: // EMPTY_LIST
        stack[sp++] = roomyList(code);
        continue;
      case 0x75: { // SETITEMS
        machine.sp = sp;
        const mark = machine.popMarkAbove();
        base = machine.base;
        if (sp > mark) fillDict(machine, mark);
        sp = mark;
        continue;
      }
      case 0x65: { // APPENDS
        machine.sp = sp;
        const mark = machine.popMarkAbove();
        base = machine.base;
        if (sp > mark) fillList(machine, mark);
        sp = mark;
        continue;
      }
      case 0x61: // APPEND
        machine.sp = sp;
        if (sp <= base + 1) throw underflow(machine, sp);
        fillList(machine, --sp);
        continue;
      case 0x73: // SETITEM
        machine.sp = sp;
        if (sp <= base + 2) throw underflow(machine, sp);
        fillDict(machine, sp -= 2);
        continue;
      case 0x29: // EMPTY_TUPLE
        stack[sp++] = new PyTuple();
        continue;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: { // TUPLE3
        const from = sp - (code - 0x84);
        if (from < base) throw underflow(machine, sp);
        stack[from] = tupleOf(stack, from, sp);
        sp = from + 1;
        continue;
      }
      case 0x74: { // TUPLE
        const mark = machine.popMark();
        base = machine.base;
        stack[mark] = tupleOf(stack, mark, sp);
        sp = mark + 1;
        continue;
      }
      case 0x80: // PROTO
        if (pos >= end) return more(machine, sp, 2);
        machine.protocol = bytes[pos++]!;
        if (machine.protocol <= 5) continue;
        throw machine.error(`there is no protocol ${machine.protocol}`);
      case 0x95: // FRAME
        if (pos + 8 > end) return more(machine, sp, 9);
        machine.frame(
          pos + 8 + view.getUint32(pos + 4, true) * 2 ** 32 +
            view.getUint32(pos, true),
        );
        pos += 8;
        continue;
      case 0x2e: // STOP
        machine.sp = sp;
        machine.result = machine.pop();
        machine.at = pos;
        return true;
      default: {
        machine.sp = sp;
        const next = step(machine, code, bytes, view, pos);
        sp = machine.sp;
        base = machine.base;
        if (next === MORE) return false;
        pos = next;
        continue;
      }
    }
    // Text, which two opcodes share.
    if (pos + length > end) return more(machine, sp, pos - machine.at + length);
    const text = strings.read(pos, length);
    if (text === undefined) throw machine.error("this is not UTF-8");
    stack[sp++] = text;
    pos += length;
  }
  machine.at = pos;
  return more(machine, sp, 1);
}

/** What is known when the bytes do not reach; no function within `run`, which would keep its variables from the registers. */
function more(machine: Machine, sp: number, need: number): false {
  machine.sp = sp;
  machine.need = need;
  return false;
}

function underflow(machine: Machine, sp: number): Error {
  machine.sp = sp;
  return machine.underflow();
}
