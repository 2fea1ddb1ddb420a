import type { Bytes } from "../types.ts";
import { counted, line } from "./arguments.ts";
import { addItem } from "./dicts.ts";
import { fillDict, fillSet } from "./fill.ts";
import {
  build,
  call,
  create,
  extension,
  findGlobal,
  instance,
  persistent,
} from "./invoke.ts";
import type { Machine } from "./machine.ts";
import { OPCODE_OF } from "./opcodes.ts";
import { PyByteArray } from "./values/bytes.ts";
import { PyFrozenSet } from "./values/set.ts";

/**
 * One opcode that is not in `run`.
 *
 * @param machine The machine, whose `at` is where the opcode is.
 * @param code The opcode.
 * @param bytes The bytes.
 * @param view The same.
 * @param pos Where its argument is.
 * @returns Where the next opcode is, or {@linkcode MORE}.
 */
export function step(
  machine: Machine,
  code: number,
  bytes: Bytes,
  view: DataView,
  pos: number,
): number {
  const opcode = OPCODE_OF[code];
  if (opcode === undefined) {
    throw machine.error(`there is no opcode 0x${code.toString(16)}`);
  }
  switch (opcode.argument) {
    case "none":
      return bare(machine, code, pos);
    case "u1":
    case "u2":
    case "u4":
    case "i4":
    case "u8":
      return number(machine, code, view, pos);
    case "decimal":
    case "float":
    case "string":
    case "unicode":
    case "line":
    case "name":
      return line(machine, code, bytes, pos);
    default:
      return counted(machine, code, bytes, view, pos);
  }
}

/** Opcodes without an argument. */
function bare(machine: Machine, code: number, pos: number): number {
  switch (code) {
    case 0x30: // POP
      if (machine.marks.length > 0 && machine.sp === machine.base) {
        machine.popMark();
      } else {
        machine.pop();
      }
      return pos;
    case 0x31: // POP_MARK
      machine.sp = machine.popMark();
      return pos;
    case 0x32: // DUP
      machine.push(machine.current(machine.top()));
      return pos;
    case 0x6c: { // LIST
      const mark = machine.popMark();
      machine.push(machine.popTo(mark));
      return pos;
    }
    case 0x64: // DICT
      makeDict(machine);
      return pos;
    case 0x8f: // EMPTY_SET
      machine.push(new Set());
      return pos;
    case 0x90: { // ADDITEMS
      const mark = machine.popMarkAbove();
      if (machine.sp > mark) fillSet(machine, mark);
      machine.sp = mark;
      return pos;
    }
    case 0x91: { // FROZENSET
      const set = new PyFrozenSet();
      for (const item of machine.popTo(machine.popMark())) {
        addItem(machine, set, item);
      }
      machine.push(set);
      return pos;
    }
    case 0x97: // NEXT_BUFFER
      machine.push(nextBuffer(machine));
      return pos;
    case 0x98: // READONLY_BUFFER
      machine.push(readonly(machine, machine.pop()));
      return pos;
    default:
      invoke(machine, code);
      return pos;
  }
}

/** Opcodes that call something, as far as anything is called here. */
function invoke(machine: Machine, code: number): void {
  switch (code) {
    case 0x93: { // STACK_GLOBAL
      const name = machine.pop();
      const module = machine.pop();
      if (typeof module !== "string" || typeof name !== "string") {
        throw machine.error("a name is not text");
      }
      return machine.push(findGlobal(machine, module, name));
    }
    case 0x52: { // REDUCE
      const args = machine.pop();
      return machine.push(call(machine, machine.pop(), args));
    }
    case 0x81: { // NEWOBJ
      const args = machine.pop();
      return machine.push(create(machine, machine.pop(), args));
    }
    case 0x92: { // NEWOBJ_EX
      const kwargs = machine.pop();
      const args = machine.pop();
      return machine.push(create(machine, machine.pop(), args, kwargs));
    }
    case 0x62: { // BUILD
      const state = machine.pop();
      const object = machine.pop();
      return machine.push(build(machine, object, state));
    }
    case 0x6f: { // OBJ
      const [type, ...args] = machine.popTo(machine.popMark());
      if (type === undefined) throw machine.underflow();
      return machine.push(instance(machine, type, args));
    }
    case 0x51: // BINPERSID
      return machine.push(persistent(machine, machine.pop()));
    default:
      throw new TypeError(`Opcode 0x${code.toString(16)} is not handled`);
  }
}

function makeDict(machine: Machine): void {
  const values = machine.popTo(machine.popMark());
  if (values.length % 2 !== 0) throw machine.error("a key has no value");
  const { dicts } = machine.options;
  const place = machine.sp;
  machine.push(dicts === "map" ? new Map() : {});
  for (const value of values) machine.push(value);
  if (values.length > 0) fillDict(machine, place + 1);
  machine.sp = place + 1;
}

function nextBuffer(machine: Machine): unknown {
  const next = machine.buffers?.next();
  if (!next || next.done) throw machine.error("there are no more buffers");
  return next.value;
}

function readonly(machine: Machine, buffer: unknown): unknown {
  if (!(buffer instanceof Uint8Array)) {
    throw machine.error("this is not a buffer");
  }
  if (!(buffer instanceof PyByteArray)) return buffer;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Opcodes with a number. */
function number(
  machine: Machine,
  code: number,
  view: DataView,
  pos: number,
): number {
  const size = code === 0x82 ? 1 : code === 0x83 ? 2 : 4;
  if (pos + size > view.byteLength) return machine.more(1 + size);
  switch (code) {
    case 0x82: // EXT1
      machine.push(extension(machine, view.getUint8(pos)));
      break;
    case 0x83: // EXT2
      machine.push(extension(machine, view.getUint16(pos, true)));
      break;
    default: // EXT4
      machine.push(extension(machine, view.getInt32(pos, true)));
  }
  return pos + size;
}
