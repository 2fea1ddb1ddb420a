import type { Bytes } from "../types.ts";
import { fillDict, fillList } from "./fill.ts";
import type { Machine } from "./machine.ts";
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
  let memoCheck = memo.length + 1024;

  while (pos < end) {
    machine.at = pos;
    if (sp >= stackCheck) stackCheck = machine.checkStack(sp);
    const code = bytes[pos++]!;
    let length: number;
    switch (code) {
      case 0x4b: // BININT1
        if (pos >= end) return more(2);
        stack[sp++] = asBigint ? BigInt(bytes[pos++]!) : bytes[pos++]!;
        continue;
      case 0x4d: { // BININT2
        if (pos + 2 > end) return more(3);
        const value = bytes[pos]! | bytes[pos + 1]! << 8;
        stack[sp++] = asBigint ? BigInt(value) : value;
        pos += 2;
        continue;
      }
      case 0x4a: { // BININT
        if (pos + 4 > end) return more(5);
        const value = view.getInt32(pos, true);
        stack[sp++] = asBigint ? BigInt(value) : value;
        pos += 4;
        continue;
      }
      case 0x47: { // BINFLOAT
        if (pos + 8 > end) return more(9);
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
        if (pos >= end) return more(2);
        length = bytes[pos++]!;
        break;
      case 0x58: // BINUNICODE
        if (pos + 4 > end) return more(5);
        length = view.getUint32(pos, true);
        pos += 4;
        break;
      case 0x94: { // MEMOIZE
        if (sp <= base) throw sync().underflow();
        const entries = memo.length + machine.sparse.size;
        if (entries >= memoCheck) memoCheck = machine.checkMemo(entries);
        if (entries === memo.length) memo.push(stack[sp - 1]);
        else machine.memoize(entries, stack[sp - 1]);
        continue;
      }
      case 0x71: // BINPUT
        if (pos >= end) return more(2);
        if (sp <= base) throw sync().underflow();
        machine.memoize(bytes[pos++]!, stack[sp - 1]);
        continue;
      case 0x72: // LONG_BINPUT
        if (pos + 4 > end) return more(5);
        if (sp <= base) throw sync().underflow();
        machine.memoize(view.getUint32(pos, true), stack[sp - 1]);
        pos += 4;
        continue;
      case 0x68: { // BINGET
        if (pos >= end) return more(2);
        const value = memo[bytes[pos]!];
        stack[sp++] = typeof value === "string"
          ? value
          : machine.recall(bytes[pos]!);
        pos++;
        continue;
      }
      case 0x6a: { // LONG_BINGET
        if (pos + 4 > end) return more(5);
        const index = view.getUint32(pos, true);
        const value = memo[index];
        stack[sp++] = typeof value === "string" ? value : machine.recall(index);
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
        if (sp <= base + 1) throw sync().underflow();
        fillList(machine, --sp);
        continue;
      case 0x73: // SETITEM
        machine.sp = sp;
        if (sp <= base + 2) throw sync().underflow();
        fillDict(machine, sp -= 2);
        continue;
      case 0x29: // EMPTY_TUPLE
        stack[sp++] = new PyTuple();
        continue;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: { // TUPLE3
        const from = sp - (code - 0x84);
        if (from < base) throw sync().underflow();
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
      default: {
        machine.sp = sp;
        const next = step(machine, code, bytes, view, pos);
        sp = machine.sp;
        base = machine.base;
        if (next === -1) return false;
        if (next === -2) return true;
        pos = next;
        continue;
      }
    }
    // Text, which two opcodes share.
    if (pos + length > end) return more(pos - machine.at + length);
    const text = strings.read(pos, length);
    if (text === undefined) throw machine.error("this is not UTF-8");
    stack[sp++] = text;
    pos += length;
  }
  machine.at = pos;
  return more(1);

  function sync(): Machine {
    machine.sp = sp;
    return machine;
  }

  function more(need: number): false {
    sync().need = need;
    return false;
  }
}

/**
 * An empty list with room for four: an array that V8 has to grow from nothing gets room for seventeen, and most lists are
 * small. What is put in and taken out is no constant, because those would be shared until the first change.
 */
function roomyList(any: number): unknown[] {
  const list: unknown[] = [any, any, any, any];
  list.pop();
  list.pop();
  list.pop();
  list.pop();
  return list;
}

function tupleOf(stack: readonly unknown[], from: number, to: number): PyTuple {
  const length = to - from;
  // Of its length at once, or it would have room for seventeen; but not a long one, for which engines would take a map.
  const tuple = new PyTuple(length < 1000 ? length : 0);
  for (let i = 0; i < length; i++) tuple[i] = stack[from + i];
  return tuple;
}
