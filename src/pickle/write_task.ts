import { pathOf, type Step } from "../tree/path.ts";

/** The kinds of {@linkcode Task}. */
export const LIST = 0;
/** Keys and values in turns. */
export const PAIRS = 1;
/** An object, which is a dict. */
export const RECORD = 2;
export const SET = 3;
export const FROZENSET = 4;
export const TUPLE = 5;
/** Values, and functions that write opcodes between them. */
export const SCRIPT = 6;

/** The keys of an object, and the numbers that the memo has for them; -1 for one that it has none for yet. */
export interface Shape {
  readonly keys: readonly string[];
  readonly numbers: number[];
}

export const NO_SHAPE: Shape = { keys: [], numbers: [] };

/** A container that is being written: there is a stack of them in place of recursion. They are used again. */
export class Task {
  kind: number = LIST;
  /** What has a number in the memo, or will have. */
  value: object = Task;
  /** What is in it. */
  items: readonly unknown[] = [];
  /** The keys, where `items` are values. */
  shape: Shape = NO_SHAPE;
  /** The next one in `items`. */
  index = 0;
  /** With this one a batch began. */
  begin = 0;
  /** Before this one a batch ends. */
  close = 0;
  /** Whether the batch is of one, and written without a mark. */
  single = false;
  /** Whether the key of the next value is written already. */
  hasKey = false;
  /** Whether it is of a class of its own: then CPython leaves out a last batch of none. */
  loose = false;
  /** How many of those around it have no number yet either: a cycle of such has no end. */
  run = 0;
}

/** Tuples and the like around each other, from which on we look whether they are a cycle. */
const LONG_RUN = 1 << 10;
/**
 * Why what has just been begun would never end, if it would not: it is within itself, and cannot be known again. We look at each
 * power of two, which costs least.
 */
export function cycleIn(
  tasks: readonly Task[],
  depth: number,
): string | undefined {
  const { run } = tasks[depth]!;
  if (run >= LONG_RUN && (run & run - 1) === 0) {
    const some = tasks.slice(depth + 1 - run, depth + 1);
    if (hasTwice(some)) {
      return "it holds itself in a way that Python cannot build";
    }
  }
  return undefined;
}

function hasTwice(tasks: readonly Task[]): boolean {
  return new Set(tasks.map((task) => task.value)).size < tasks.length;
}

/** Where the value is that the tasks are at. */
export function pathOfTasks(tasks: readonly Task[], depth: number): string {
  let step: Step | undefined;
  for (let i = 0; i <= depth; i++) {
    const key = keyOf(tasks[i]!);
    if (key !== undefined) step = { up: step, key };
  }
  return pathOf(step);
}

function keyOf(
  { kind, items, index, shape }: Task,
): string | number | undefined {
  const at = index - 1;
  if (kind === SCRIPT || at < 0) return undefined;
  if (kind === RECORD) return shape.keys[at];
  if (kind !== PAIRS) return at;
  const key = items[at - at % 2];
  return typeof key === "object" ? "…" : String(key);
}

/** Objects with more keys than this are thought to be dictionaries, each with keys of its own. */
const MAX_SHAPE = 64;

/** The last shape of each first key and each count of keys: most objects have the keys of one before them. */
export class Shapes {
  readonly #shapes = new Map<string, (Shape | undefined)[]>();

  of(keys: readonly string[]): Shape {
    const { length } = keys;
    if (length > MAX_SHAPE) return newShape(keys);
    let shapes = this.#shapes.get(keys[0]!);
    if (!shapes) this.#shapes.set(keys[0]!, shapes = []);
    const shape = shapes[length];
    if (shape !== undefined && isSame(shape.keys, keys)) return shape;
    return shapes[length] = newShape(keys);
  }
}

function newShape(keys: readonly string[]): Shape {
  return { keys, numbers: new Array<number>(keys.length).fill(-1) };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
