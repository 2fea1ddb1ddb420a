import { PyGlobal } from "./values/object.ts";

/** How Python builds an object that has no opcodes of its own. */
export interface Plan {
  /** The class or function: a {@linkcode PyGlobal}, or a {@linkcode Planned} that gives one. */
  readonly call: unknown;
  readonly args: readonly unknown[];
  readonly kwargs?: ReadonlyMap<string, unknown> | undefined;
  /** Whether to make an instance without calling the class: `call.__new__(call, *args)`. */
  readonly bare?: boolean | undefined;
  /** Set after that. */
  readonly state?: unknown;
  /** Appended one by one. */
  readonly items?: readonly unknown[] | undefined;
  /** Set by keys: keys and values in turns. */
  readonly pairs?: readonly unknown[] | undefined;
}

/** What a reducer may ask. */
export interface PlanContext {
  readonly protocol: number;
  readonly typedArrays: "numpy" | "array";
}

/** A class, and how its instances are built in Python. */
export type Reducer = readonly [
  { readonly prototype: object },
  // deno-lint-ignore no-explicit-any
  (value: any, context: PlanContext) => Plan,
];

/** In the place of a value that only Python has: what builds it. */
export class Planned {
  readonly plan: Plan;

  constructor(plan: Plan) {
    this.plan = plan;
  }
}

/** Python's name for something. */
export function named(module: string, name: string): PyGlobal {
  return new PyGlobal(module, name);
}

/** A call of something in Python's `builtins`. */
export function builtin(name: string, ...args: unknown[]): Plan {
  return call("builtins", name, ...args);
}

/** A call by name. */
export function call(module: string, name: string, ...args: unknown[]): Plan {
  return { call: named(module, name), args };
}
