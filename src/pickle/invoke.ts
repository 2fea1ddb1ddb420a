/**
 * The opcodes that in Python import and call. Here they look names up in a table, or make inert records.
 *
 * @module
 */
import { UnknownNameError } from "../errors.ts";
import type { PickleClass, PickleKeywords } from "./globals.ts";
import type { Machine } from "./machine.ts";
import { python3Name } from "./python2.ts";
import { PyDefinedClass } from "./values/defined_class.ts";
import { PyGlobal, PyObject } from "./values/object.ts";
import { PyTuple } from "./values/sequence.ts";
import { knowEnum, PickleEnum } from "./classes/enum.ts";
import { Instead, Refusal } from "./classes/_refusal.ts";
import { stateEntries } from "./classes/_state.ts";
import { setAttributes } from "./classes/exceptions.ts";
import { PyException } from "./values/exception.ts";

const NONE: PickleKeywords = new Map();
const EXCEPTION: PickleClass = { setState: setAttributes };

/** What a name stands for: its value, or the name itself. */
export function findGlobal(
  machine: Machine,
  module: string,
  name: string,
): unknown {
  if (machine.protocol < 3) [module, name] = python3Name(module, name);
  let names = machine.names.get(module);
  if (!names) machine.names.set(module, names = new Map());
  const known = names.get(name);
  if (known !== undefined) return known;
  const meaning = machine.globals.get(module, name);
  if (meaning === undefined && machine.options.unknown === "refuse") {
    throw refusal(machine, `${module}.${name}`);
  }
  const found = meaning?.value ?? new PyGlobal(module, name);
  if (meaning && found instanceof PyGlobal) know(machine, found, meaning);
  names.set(name, found);
  return found;
}

/** Notes down what a name stands for. */
function know(machine: Machine, type: PyGlobal, meaning: PickleClass): void {
  machine.meanings.set(type, meaning);
  if (meaning instanceof PickleEnum) knowEnum(type, meaning);
}

function refusal(machine: Machine, name: string): UnknownNameError {
  return new UnknownNameError("Python name", name, [
    "those of Python's library, numpy and pandas that hold data",
    "those that were added",
  ], { offset: machine.origin + machine.at });
}

/** REDUCE. */
export function call(machine: Machine, type: unknown, args: unknown): unknown {
  return apply(machine, type, listOf(machine, args), NONE, "call");
}

/** NEWOBJ and NEWOBJ_EX. */
export function create(
  machine: Machine,
  type: unknown,
  args: unknown,
  kwargs?: unknown,
): unknown {
  const keywords = kwargs === undefined ? NONE : keywordsOf(machine, kwargs);
  return apply(machine, type, listOf(machine, args), keywords, "create");
}

/** INST and OBJ: without arguments Python does not call the class. */
export function instance(
  machine: Machine,
  type: unknown,
  args: readonly unknown[],
): unknown {
  const how = args.length > 0 ? "call" : "create";
  return apply(machine, type, args, NONE, how);
}

function apply(
  machine: Machine,
  type: unknown,
  args: readonly unknown[],
  kwargs: PickleKeywords,
  how: "call" | "create",
): unknown {
  if (type instanceof PyObject && how === "call") {
    if (machine.options.unknown === "refuse") throw refusal(machine, type.name);
    return new PyObject(type.module, `${type.name}.__call__`, {
      args: [type, ...args],
    });
  }
  if (!(type instanceof PyGlobal)) {
    throw machine.error("this cannot be called");
  }
  const meaning = machine.meanings.get(type);
  const method = how === "create" && meaning?.create ? "create" : "call";
  const bare = how === "create";
  if (!meaning?.[method]) return inert(type, args, kwargs, bare);
  const [least, most] = meaning.arity ?? [0, Infinity];
  if (args.length < least || args.length > most) {
    throw machine.error(`${type} has not ${args.length} arguments`);
  }
  chargeAll(machine, args);
  const made = guard(
    machine,
    type,
    () => meaning[method]!(args, kwargs, machine.options),
  );
  if (made instanceof Refusal) {
    if (machine.options.unknown === "refuse") throw refusal(machine, `${type}`);
    return inert(type, args, kwargs, bare);
  }
  if (made instanceof Instead) {
    // Not twice: what is told of itself would go on for ever.
    const other = machine.meanings.get(made.type as object);
    if (other === meaning) throw machine.error(`${type} of itself`);
    return apply(machine, made.type, made.args, made.kwargs, "create");
  }
  adopt(machine, made, meaning);
  return made;
}

/** So that BUILD finds what sets the state of a value, and REDUCE what a class that was made on the way stands for. */
function adopt(machine: Machine, made: unknown, meaning: PickleClass): void {
  if (typeof made !== "object" || made === null) return;
  if (made instanceof PyGlobal) {
    const own = made instanceof PyDefinedClass
      ? made.meaning
      : machine.globals.get(made.module, made.name);
    if (own && !machine.meanings.has(made)) know(machine, made, own);
  } else if (meaning.setState && !isException(made, meaning)) {
    machine.meanings.set(made, meaning);
  }
}

/** Exceptions, of which there may be many, need not be noted down to be known again. */
function isException(made: object, { setState }: PickleClass): boolean {
  return made instanceof PyException && setState === setAttributes;
}

function inert(
  type: PyGlobal,
  args: readonly unknown[],
  kwargs: PickleKeywords,
  bare: boolean,
): PyObject {
  return new PyObject(type.module, type.name, {
    args,
    kwargs: kwargs.size > 0 ? kwargs : undefined,
    bare,
    definition: type instanceof PyDefinedClass ? type : undefined,
  });
}

/** Counts what is given to a function, and what is directly in it. */
function chargeAll(machine: Machine, values: readonly unknown[]): void {
  for (const value of values) machine.charge(sizeOf(machine, value));
}

/** How much it is to copy a value: the items, characters or bytes that it has. */
function sizeOf(machine: Machine, value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (ArrayBuffer.isView(value)) {
    // What travels apart may well be much more than the pickle.
    return machine.buffers ? 0 : value.byteLength;
  }
  return Object.getPrototypeOf(value) === Object.prototype
    ? Object.keys(value).length
    : 0;
}

/** BUILD. */
export function build(
  machine: Machine,
  object: unknown,
  state: unknown,
): unknown {
  if (typeof object !== "object" || object === null) {
    throw machine.error("this has no state");
  }
  const noted = object instanceof PyException ? EXCEPTION : undefined;
  const meaning = object instanceof PyGlobal
    ? undefined
    : machine.meanings.get(object) ?? noted;
  if (meaning?.setState) {
    chargeAll(machine, Array.isArray(state) ? state : [state]);
    guard(
      machine,
      undefined,
      () => meaning.setState!(object as never, state, machine.options),
    );
  } else if (object instanceof PyObject) {
    Object.assign(object, { state });
  } else if (!isEmpty(state)) {
    throw machine.error("this has no state");
  }
  return object;
}

function isEmpty(state: unknown): boolean {
  return state === null || stateEntries(state)?.size === 0;
}

function guard<T>(
  machine: Machine,
  type: PyGlobal | undefined,
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const what = type ? `this is no ${type}: ` : "";
    throw machine.error(`${what}${error.message}`, error);
  }
}

function listOf(machine: Machine, args: unknown): readonly unknown[] {
  if (args instanceof PyTuple) {
    machine.charge(args.length);
    return Array.from(args);
  }
  throw machine.error("the arguments are not a tuple");
}

function keywordsOf(machine: Machine, kwargs: unknown): PickleKeywords {
  const entries = stateEntries(kwargs);
  if (!entries) throw machine.error("the keywords are not a dict");
  return entries;
}

/** PERSID and BINPERSID. */
export function persistent(machine: Machine, id: unknown): unknown {
  const { persistentLoad } = machine.options;
  if (!persistentLoad) throw machine.error("there is no use for its ids");
  return persistentLoad(id);
}

/** EXT1, EXT2 and EXT4. */
export function extension(machine: Machine, code: number): unknown {
  const name = code > 0 ? machine.options.extension?.(code) : undefined;
  if (!name) throw machine.error(`there is no extension ${code}`);
  return findGlobal(machine, ...name);
}
