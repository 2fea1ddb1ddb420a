import { ELLIPSIS, NOT_IMPLEMENTED } from "./values/builtin.ts";
import type { PyGlobal } from "./values/object.ts";
import { PyTuple } from "./values/sequence.ts";
import { encodeText } from "./write_text.ts";
import { python2Name } from "./write_names.ts";
import * as op from "./write_opcodes.ts";
import { builtin, call, named, type Plan, Planned } from "./write_plan.ts";
import { LIST, PAIRS, SCRIPT } from "./write_task.ts";
import type { Writer } from "./writer.ts";

/** Something in a script that is not a value: it writes opcodes, or begins a task. */
export type Step = (writer: Writer) => void;

/**
 * Writes what builds an object, and gives it a number.
 *
 * @param key What it goes by in the memo, if not by identity.
 */
export function writePlan(
  writer: Writer,
  value: object,
  plan: Plan,
  key?: string,
): void {
  const steps = [
    ...making(writer, plan),
    key === undefined
      ? (writer: Writer) => memoize(writer, value)
      : ({ memo }: Writer) => memo.addOther(key),
    ...filling(writer, value, plan),
  ];
  writer.push(SCRIPT, value, steps).close = steps.length;
}

/** If it was written as a part of itself, then that is taken. */
function memoize({ memo, out }: Writer, value: object): void {
  const index = memo.find(value);
  if (index === undefined) return memo.add(value);
  out.byte(op.POP);
  memo.get(index);
}

function making(writer: Writer, plan: Plan): unknown[] {
  const { call: callee, args, kwargs } = plan;
  const { protocol } = writer;
  if (kwargs && kwargs.size > 0) {
    if (plan.bare && protocol >= 4) {
      return [callee, PyTuple.from(args), new Map(kwargs), emit(op.NEWOBJ_EX)];
    }
    return [partial(callee, plan), new PyTuple(), emit(op.REDUCE)];
  }
  if (!plan.bare) return [callee, PyTuple.from(args), emit(op.REDUCE)];
  if (protocol >= 2) return [callee, PyTuple.from(args), emit(op.NEWOBJ)];
  return making(writer, call("copyreg", "__newobj__", callee, ...args));
}

/** The callable with its arguments, because REDUCE takes none by name. */
function partial(callee: unknown, { bare, args, kwargs }: Plan): Planned {
  const [target, all] = bare
    ? [named("copyreg", "__newobj_ex__"), [
      callee,
      PyTuple.from(args),
      new Map(kwargs),
    ]]
    : [callee, args];
  const names = bare ? new Map() : new Map(kwargs);
  return new Planned({
    call: named("functools", "partial"),
    args: [target],
    state: PyTuple.of<unknown>(target, PyTuple.from(all), names, null),
  });
}

function filling(writer: Writer, value: object, plan: Plan): unknown[] {
  const { items, pairs, state } = plan;
  const steps: unknown[] = [];
  if (items && items.length > 0) {
    steps.push((writer: Writer) => writer.push(LIST, value, items, true));
  }
  if (pairs && pairs.length > 0) {
    steps.push((writer: Writer) => writer.push(PAIRS, value, pairs, true));
  }
  if (typeof state === "function") writer.refuse("its state is a function");
  if (state !== undefined) steps.push(state, emit(op.BUILD));
  return steps;
}

function emit(opcode: number): Step {
  return ({ out }) => out.byte(opcode);
}

/** Types that say they are of `builtins`, which has no such names, and a value of each. */
const UNNAMED: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["NoneType", null],
  ["ellipsis", ELLIPSIS],
  ["NotImplementedType", NOT_IMPLEMENTED],
]);

/** A class or function by its name. */
export function writeGlobal(writer: Writer, global: PyGlobal): void {
  const { out, memo, protocol } = writer;
  const { module, name } = global;
  if (!isName(module) || !isName(name)) writer.refuse("it is not a name");
  const key = `${module}\n${name}`;
  const index = memo.findOther(key);
  if (index !== undefined) return memo.get(index);
  const by = (plan: Plan) => {
    const steps = [...making(writer, plan), () => memo.addOther(key)];
    writer.push(SCRIPT, global, steps).close = steps.length;
  };
  const sample = module === "builtins" ? UNNAMED.get(name) : undefined;
  if (sample !== undefined) return by(builtin("type", sample));
  if (protocol >= 4) {
    writer.saveName(module);
    writer.saveName(name);
    out.byte(op.STACK_GLOBAL);
    return memo.addOther(key);
  }
  const dot = name.lastIndexOf(".");
  if (dot > 0) {
    const parent = named(module, name.slice(0, dot));
    return by(builtin("getattr", parent, name.slice(dot + 1)));
  }
  const [asModule, asName] = protocol < 3
    ? python2Name(module, name)
    : [module, name];
  out.byte(op.GLOBAL);
  out.append(encodeText(`${asModule}\n${asName}\n`));
  memo.addOther(key);
}

function isName(text: string): boolean {
  return text.length > 0 && !text.includes("\n") && text.isWellFormed();
}
