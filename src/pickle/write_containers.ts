import type { PyFrozenSet } from "./values/set.ts";
import { checkKeys } from "./write_keys.ts";
import * as op from "./write_opcodes.ts";
import { builtin } from "./write_plan.ts";
import { writePlan } from "./write_steps.ts";
import {
  FROZENSET,
  LIST,
  PAIRS,
  RECORD,
  SET,
  type Task,
  TUPLE,
} from "./write_task.ts";
import type { Writer } from "./writer.ts";

/** Items between two marks, as CPython has it. */
const BATCH = 1000;

export function writeList(writer: Writer, list: readonly unknown[]): void {
  const { out, memo, protocol } = writer;
  if (!memo.enter(list)) return;
  if (protocol > 0) out.byte(op.EMPTY_LIST);
  else out.byte2(op.MARK, op.LIST);
  memo.put();
  const { length } = list;
  if (length === 0) return;
  if (protocol === 0 || length >= BATCH) {
    return void writer.push(LIST, list, list);
  }
  if (length > 1) out.byte(op.MARK);
  for (let i = 0; i < length; i++) {
    if (!writer.simple(list[i])) {
      return goOn(writer.push(LIST, list, list), i, length);
    }
  }
  out.byte(length > 1 ? op.APPENDS : op.APPEND);
}

/** Has the rest of a short container written as a task, from the first thing on that is not simple. */
function goOn(task: Task, index: number, length: number): void {
  task.begin = 0;
  task.index = index;
  task.close = length;
  task.single = length === 1;
}

export function writeRecord(
  writer: Writer,
  record: Readonly<Record<string, unknown>>,
): void {
  if (Object.getOwnPropertySymbols(record).length > 0) {
    writer.refuse("it has a key that is a symbol");
  }
  const { memo } = writer;
  if (!memo.enter(record)) return;
  beginDict(writer);
  memo.put();
  const values = Object.values(record);
  const { length } = values;
  if (length === 0) return;
  const shape = writer.shapes.of(Object.keys(record));
  const { out, protocol } = writer;
  if (protocol === 0 || length >= BATCH) {
    writer.push(RECORD, record, values).shape = shape;
    return;
  }
  if (length > 1) out.byte(op.MARK);
  for (let i = 0; i < length; i++) {
    writer.saveKey(shape, i);
    if (!writer.simple(values[i])) {
      const task = writer.push(RECORD, record, values);
      task.shape = shape;
      task.hasKey = true;
      return goOn(task, i, length);
    }
  }
  out.byte(length > 1 ? op.SETITEMS : op.SETITEM);
}

export function writeDict(
  writer: Writer,
  map: ReadonlyMap<unknown, unknown>,
): void {
  const { memo } = writer;
  const number = memo.find(map);
  if (number !== undefined) return memo.get(number);
  beginDict(writer);
  memo.add(map);
  if (map.size > 0) {
    writer.push(PAIRS, map, pairsOf(writer, map));
  }
}

/** Keys and values of a map in turns, if they can be those of a dict. */
export function pairsOf(
  writer: Writer,
  map: ReadonlyMap<unknown, unknown>,
): unknown[] {
  const wrong = checkKeys([...map.keys()]);
  if (wrong) writer.refuse(wrong);
  const pairs: unknown[] = [];
  for (const [key, value] of map) pairs.push(key, value);
  return pairs;
}

function beginDict({ out, protocol }: Writer): void {
  if (protocol > 0) out.byte(op.EMPTY_DICT);
  else out.byte2(op.MARK, op.DICT);
}

export function writeSet(writer: Writer, set: ReadonlySet<unknown>): void {
  const { out, memo, protocol } = writer;
  const number = memo.find(set);
  if (number !== undefined) return memo.get(number);
  const items = itemsOf(writer, set);
  if (protocol < 4) return writePlan(writer, set, builtin("set", items));
  out.byte(op.EMPTY_SET);
  memo.add(set);
  if (set.size > 0) writer.push(SET, set, items);
}

export function writeFrozenSet(writer: Writer, set: PyFrozenSet): void {
  const number = writer.memo.find(set);
  if (number !== undefined) return writer.memo.get(number);
  const items = itemsOf(writer, set);
  if (writer.protocol < 4) {
    return writePlan(writer, set, builtin("frozenset", items));
  }
  writer.out.byte(op.MARK);
  writer.push(FROZENSET, set, items).close = items.length;
}

function itemsOf(writer: Writer, set: ReadonlySet<unknown>): unknown[] {
  const items = [...set];
  const wrong = checkKeys(items);
  if (wrong) writer.refuse(wrong);
  return items;
}

export function writeTuple(writer: Writer, tuple: readonly unknown[]): void {
  const { out, protocol } = writer;
  if (tuple.length === 0) {
    if (protocol > 0) out.byte(op.EMPTY_TUPLE);
    else out.byte2(op.MARK, op.TUPLE);
    return;
  }
  const number = writer.memo.find(tuple);
  if (number !== undefined) return writer.memo.get(number);
  if (hasMark(writer, tuple.length)) out.byte(op.MARK);
  writer.push(TUPLE, tuple, tuple).close = tuple.length;
}

function hasMark({ protocol }: Writer, length: number): boolean {
  return protocol < 2 || length > 3;
}

/**
 * What stands between two batches of items, or after the last.
 *
 * @returns Whether there is another batch.
 */
export function turn(writer: Writer, task: Task): boolean {
  const { kind, items: { length } } = task;
  if (kind >= FROZENSET) {
    writer.pop();
    if (kind === TUPLE) finishTuple(writer, task.value, length);
    else if (kind === FROZENSET) finishFrozenSet(writer, task.value);
    return false;
  }
  if (task.index > 0) writer.out.byte(closing(task));
  if (task.index === length) {
    // CPython notices the end of a dict or set after a full batch by another one, which is empty.
    const full = task.index === task.begin + batchOf(task);
    if (full && !task.single && !task.loose && kind !== LIST) {
      writer.out.byte2(op.MARK, closing(task));
    }
    writer.pop();
    return false;
  }
  begin(writer, task);
  return true;
}

function begin({ out, protocol }: Writer, task: Task): void {
  const { kind, index, items: { length } } = task;
  const unit = kind === PAIRS ? 2 : 1;
  const count = task.loose ? length - index : length;
  task.begin = index;
  task.single = kind !== SET && (protocol === 0 || count === unit);
  task.close = protocol === 0
    ? index + unit
    : Math.min(length, index + batchOf(task));
  if (!task.single) out.byte(op.MARK);
}

function batchOf({ kind }: Task): number {
  return kind === PAIRS ? 2 * BATCH : BATCH;
}

function closing({ kind, single }: Task): number {
  if (kind === LIST) return single ? op.APPEND : op.APPENDS;
  if (kind === SET) return op.ADDITEMS;
  return single ? op.SETITEM : op.SETITEMS;
}

/** A tuple that holds itself through something in it has been written there: what stands on the stack is dropped. */
function finishTuple(writer: Writer, tuple: object, length: number): void {
  const { out, memo, protocol } = writer;
  const index = memo.find(tuple);
  const mark = hasMark(writer, length);
  if (index !== undefined) {
    if (mark && protocol > 0) out.byte(op.POP_MARK);
    else for (let i = mark ? -1 : 0; i < length; i++) out.byte(op.POP);
    return memo.get(index);
  }
  out.byte(mark ? op.TUPLE : op.TUPLE1 + length - 1);
  memo.add(tuple);
}

function finishFrozenSet({ out, memo }: Writer, set: object): void {
  const index = memo.find(set);
  if (index === undefined) {
    out.byte(op.FROZENSET);
    memo.add(set);
  } else {
    out.byte(op.POP_MARK);
    memo.get(index);
  }
}
