import { SerializeError } from "../errors.ts";
import type { Bytes } from "../types.ts";
import { PyFloat, PyInt } from "./values/number.ts";
import { PyGlobal } from "./values/object.ts";
import { PyTuple } from "./values/sequence.ts";
import { PyFrozenSet } from "./values/set.ts";
import {
  turn,
  writeDict,
  writeFrozenSet,
  writeList,
  writeRecord,
  writeSet,
  writeTuple,
} from "./write_containers.ts";
import { Memo } from "./write_memo.ts";
import {
  MAX_DIGITS,
  writeBigint,
  writeFloat,
  writeInteger,
} from "./write_number.ts";
import * as op from "./write_opcodes.ts";
import type { WriterOptions } from "./write_options.ts";
import { Output } from "./write_output.ts";
import { writeOther } from "./write_reduce.ts";
import { type Step, writeGlobal } from "./write_steps.ts";
import {
  cycleIn,
  FROZENSET,
  pathOfTasks,
  RECORD,
  SCRIPT,
  type Shape,
  Shapes,
  Task,
} from "./write_task.ts";

/** Writes one value, container by container, with a stack of its own in place of recursion. */
export class Writer {
  readonly options: WriterOptions;
  readonly out: Output;
  readonly memo: Memo;
  readonly protocol: number;
  readonly shapes: Shapes = new Shapes();
  readonly #tasks: Task[] = [];
  #depth = -1;
  readonly #shareAll: boolean;
  readonly #floats: boolean;

  /** @param isTree Whether to go by it that no list or object turns up twice. */
  constructor(options: WriterOptions, isTree: boolean) {
    this.options = options;
    this.protocol = options.protocol;
    this.out = new Output(options.protocol);
    this.memo = new Memo(this.out, options.protocol, isTree);
    this.#shareAll = options.shareAll;
    this.#floats = options.floats;
  }

  /** The pickle of a value; `undefined` if it turns out to be no tree. */
  dump(value: unknown): Bytes | undefined {
    this.save(value);
    while (this.#depth >= 0) {
      if (!this.memo.isSound()) return undefined;
      const task = this.#tasks[this.#depth]!;
      if (task.kind === RECORD) this.#runRecord(task);
      else if (task.kind === SCRIPT) this.#runScript(task);
      else this.#runItems(task);
    }
    if (!this.memo.isSound("to the end")) return undefined;
    this.out.byte(op.STOP);
    return this.out.finish();
  }

  /** Writes a value if it is one that nothing is in and nothing can be wrong with; others are left alone. */
  simple(value: unknown): boolean {
    const { out } = this;
    out.boundary();
    switch (typeof value) {
      case "string":
        if (this.#shareAll) this.memo.text(value);
        else this.memo.ownText(value);
        return true;
      case "number":
        this.#number(value);
        return true;
      case "boolean":
        if (this.protocol >= 2) out.byte(value ? op.NEWTRUE : op.NEWFALSE);
        else out.latin1(value ? "I01\n" : "I00\n");
        return true;
    }
    if (value !== null) return false;
    out.byte(op.NONE);
    return true;
  }

  /** Writes a value, or begins to: a container that others are in becomes a task. */
  save(value: unknown): void {
    if (this.simple(value)) return;
    switch (typeof value) {
      case "object":
        return this.#object(value!);
      case "bigint":
        return this.bigint(value);
      case "undefined":
        if (this.options.undefinedIsNone) return this.out.byte(op.NONE);
    }
    this.refuse(`Python has nothing for ${typeof value}`);
  }

  /** Writes the name of something, or a key: equal ones are one object in Python. */
  saveName(name: string): void {
    this.out.boundary();
    this.memo.text(name);
  }

  /** Writes the key of an object: most often its number, which is known. */
  saveKey({ keys, numbers }: Shape, index: number): void {
    this.out.boundary();
    const number = numbers[index]!;
    if (number >= 0) this.memo.get(number);
    else numbers[index] = this.memo.text(keys[index]!);
  }

  bigint(value: bigint): void {
    if (writeBigint(this.out, value, this.protocol)) return;
    this.refuse(`more than ${MAX_DIGITS} digits need protocol 2`);
  }

  /** Begins a container; what comes before its items is written. */
  push(
    kind: number,
    value: object,
    items: readonly unknown[],
    loose = false,
  ): Task {
    const around = this.#tasks[this.#depth];
    const task = this.#tasks[++this.#depth] ??= new Task();
    task.kind = kind;
    task.value = value;
    task.items = items;
    task.index = 0;
    task.close = 0;
    task.hasKey = false;
    task.loose = loose;
    task.run = kind < FROZENSET ? 0 : (around ? around.run : 0) + 1;
    const wrong = cycleIn(this.#tasks, this.#depth);
    if (wrong !== undefined) this.refuse(wrong);
    return task;
  }

  /** Ends the container on top. */
  pop(): void {
    this.#depth--;
  }

  /** Ends the pickling; the path is that of what is being written. */
  refuse(reason: string, cause?: unknown): never {
    const path = pathOfTasks(this.#tasks, this.#depth);
    throw new SerializeError(reason, path, cause ? { cause } : undefined);
  }

  #number(value: number): void {
    if (
      Number.isSafeInteger(value) && !this.#floats &&
      (value !== 0 || 1 / value > 0)
    ) writeInteger(this.out, value, this.protocol);
    else writeFloat(this.out, value, this.protocol);
  }

  #object(value: object): void {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      return writeRecord(this, value as Record<string, unknown>);
    }
    switch (prototype) {
      case Array.prototype:
        return writeList(this, value as unknown[]);
      case PyTuple.prototype:
        return writeTuple(this, value as PyTuple);
      case Map.prototype:
        return writeDict(this, value as Map<unknown, unknown>);
      case Set.prototype:
        return writeSet(this, value as Set<unknown>);
      case PyFrozenSet.prototype:
        return writeFrozenSet(this, value as PyFrozenSet);
      case PyInt.prototype:
        return this.bigint((value as PyInt).value);
      case PyFloat.prototype:
        return writeFloat(this.out, (value as PyFloat).value, this.protocol);
      case PyGlobal.prototype:
        return writeGlobal(this, value as PyGlobal);
    }
    this.#other(value);
  }

  #other(value: object): void {
    const number = this.memo.find(value);
    if (number !== undefined) return this.memo.get(number);
    try {
      writeOther(this, value);
    } catch (error) {
      if (error instanceof SerializeError) throw error;
      this.refuse(error instanceof Error ? error.message : "", error);
    }
  }

  #runRecord(task: Task): void {
    const depth = this.#depth;
    const { items, shape } = task;
    for (;;) {
      if (task.index === task.close && !turn(this, task)) return;
      const { close } = task;
      while (task.index < close) {
        const i = task.index++;
        if (task.hasKey) task.hasKey = false;
        else this.saveKey(shape, i);
        this.save(items[i]);
        if (this.#depth !== depth) return;
      }
    }
  }

  #runItems(task: Task): void {
    const depth = this.#depth;
    const { items } = task;
    for (;;) {
      if (task.index === task.close && !turn(this, task)) return;
      const { close } = task;
      while (task.index < close) {
        this.save(items[task.index++]);
        if (this.#depth !== depth) return;
      }
    }
  }

  #runScript(task: Task): void {
    const depth = this.#depth;
    const { items, close } = task;
    while (task.index < close) {
      const step = items[task.index++];
      if (typeof step === "function") (step as Step)(this);
      else this.save(step);
      if (this.#depth !== depth) return;
    }
    turn(this, task);
  }
}
