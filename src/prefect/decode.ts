/** What Prefect's decoder makes of the objects in JSON. */
import { FormatError } from "../errors.ts";
import { defaultGlobals } from "../pickle/default_globals.ts";
import { exceptionClass } from "../pickle/classes/exceptions.ts";
import { told } from "../told.ts";
import type { PrefectClasses, PrefectValueOptions } from "./classes.ts";
import { NEEDS_MORE } from "./exception_text.ts";
import { CLASS, EXCEPTION } from "./plain.ts";

/** Called for every object, the innermost first; gives back what it stands for, mostly itself. */
export type ObjectDecoder = (
  object: Record<string, unknown> | Map<unknown, unknown>,
) => unknown;

/** Prefect's own decoder, but for importing. */
export function tagDecoder(
  classes: PrefectClasses,
  options: PrefectValueOptions,
): ObjectDecoder {
  return (object) => {
    const name = get(object, CLASS);
    if (name !== undefined) return ofClass(object, name, classes, options);
    const exception = get(object, EXCEPTION);
    return exception === undefined
      ? object
      : ofException(object, exception, classes, options);
  };
}

function get(
  object: Record<string, unknown> | Map<unknown, unknown>,
  key: string,
): unknown {
  if (object instanceof Map) return object.get(key);
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function ofClass(
  object: Record<string, unknown> | Map<unknown, unknown>,
  name: unknown,
  classes: PrefectClasses,
  options: PrefectValueOptions,
): unknown {
  const meaning = typeof name === "string" ? classes.get(name) : undefined;
  if (!meaning) return object;
  const data = get(object, "data");
  if (data === undefined) throw refusal(`a ${name} has no "data"`);
  try {
    return meaning.decode(data, options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refusal(`${told(data)} cannot be made a ${name}: ${why}`, cause);
  }
}

function ofException(
  object: Record<string, unknown> | Map<unknown, unknown>,
  name: unknown,
  classes: PrefectClasses,
  options: PrefectValueOptions,
): unknown {
  const message = get(object, "message");
  const invalid = () => refusal(`Invalid exception type: '${told(name)}'`);
  if (typeof name !== "string" || name.length > 500) throw invalid();
  if (message === undefined) throw refusal(`a ${told(name)} has no "message"`);
  const own = classes.get(name);
  if (own) return own.decode(message, options);
  const dot = name.lastIndexOf(".");
  const module = name.slice(0, Math.max(dot, 0));
  if (module === "" || NEEDS_MORE.has(name)) throw invalid();
  const type = name.slice(dot + 1);
  const isKnown = module !== "builtins" || isException(type);
  if (!isKnown) throw invalid();
  return exceptionClass(module, type).call!([message], new Map(), {});
}

function isException(name: string): boolean {
  const meaning = defaultGlobals.get("builtins", name);
  return meaning?.call !== undefined && !meaning.value &&
    /(?:Error|Warning|Exception|Exit|Interrupt|Iteration)$/.test(name);
}

function refusal(message: string, cause?: unknown): FormatError {
  return new FormatError("json", message, { cause });
}

interface Frame {
  readonly node: Record<string, unknown> | unknown[] | Map<unknown, unknown>;
  readonly keys: readonly unknown[] | undefined;
  index: number;
}

/** Runs a decoder over a tree that nobody else has; the tree is changed. It does not recurse. */
export function decodeTree(root: unknown, decode: ObjectDecoder): unknown {
  const holder: unknown[] = [root];
  const stack: Frame[] = [{ node: holder, keys: undefined, index: 0 }];
  for (let frame; (frame = stack.at(-1));) {
    const { node, keys } = frame;
    const length = (keys ?? node as unknown[]).length;
    let child: unknown;
    while (frame.index < length) {
      child = childOf(node, keys, frame.index);
      if (isNode(child)) break;
      frame.index++;
    }
    if (frame.index < length) {
      stack.push({
        node: child as Frame["node"],
        keys: keysOf(child),
        index: 0,
      });
      continue;
    }
    stack.pop();
    const parent = stack.at(-1);
    if (!parent) break;
    const made = keys ? decode(node as Record<string, unknown>) : node;
    setChild(parent.node, parent.keys, parent.index++, made);
  }
  return holder[0];
}

function isNode(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    (Array.isArray(value) || value instanceof Map ||
      Object.getPrototypeOf(value) === Object.prototype);
}

function keysOf(node: unknown): unknown[] | undefined {
  if (Array.isArray(node)) return undefined;
  return node instanceof Map ? [...node.keys()] : Object.keys(node as object);
}

function childOf(
  node: Frame["node"],
  keys: Frame["keys"],
  index: number,
): unknown {
  if (!keys) return (node as unknown[])[index];
  const key = keys[index];
  return node instanceof Map
    ? node.get(key)
    : (node as Record<string, unknown>)[key as string];
}

function setChild(
  node: Frame["node"],
  keys: Frame["keys"],
  index: number,
  value: unknown,
): void {
  if (!keys) (node as unknown[])[index] = value;
  else if (node instanceof Map) node.set(keys[index], value);
  else if (keys[index] === "__proto__") {
    Object.defineProperty(node, "__proto__", {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else (node as Record<string, unknown>)[keys[index] as string] = value;
}
