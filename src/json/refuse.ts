import { LimitError, SerializeError } from "../errors.ts";
import { pathOf, type Step } from "../tree/path.ts";

interface Visit {
  readonly node: unknown;
  readonly step: Step;
  readonly depth: number;
}

/**
 * Looks for what JSON text would lose of a value, and tells the first such thing and where it is. Called only for values
 * that are not plain; most of them turn out to be an error, some just deep, or an object with one name such as `$oid`.
 *
 * @param stage Who writes, for the error about depth.
 * @param index The index of the value in its stream, with which the path begins.
 * @returns Nothing, if JSON text brings the value back as it was.
 */
export function explainNotJson(
  stage: string,
  value: unknown,
  index: number,
  maxDepth: number,
): SerializeError | LimitError | undefined {
  const open = new Set<unknown>();
  const stack: (Visit | { close: unknown })[] = [
    { node: value, step: { up: undefined, key: index }, depth: 0 },
  ];
  for (let visit; (visit = stack.pop());) {
    if ("close" in visit) {
      open.delete(visit.close);
      continue;
    }
    const { node, step, depth } = visit;
    const reason = open.has(node) ? "it contains itself" : refusalOf(node);
    if (reason) return new SerializeError(reason, pathOf(step));
    if (typeof node !== "object" || node === null) continue;
    if (depth === maxDepth) {
      const offset = { path: pathOf(step) };
      return new LimitError(stage, "depth", maxDepth + 1, maxDepth, offset);
    }
    open.add(node);
    stack.push({ close: node });
    pushItems(stack, node, step, depth + 1);
  }
  return undefined;
}

/** Last to first, so that the first is looked at next. */
function pushItems(
  stack: (Visit | { close: unknown })[],
  node: object,
  up: Step,
  depth: number,
): void {
  if (Array.isArray(node)) {
    for (let key = node.length - 1; key >= 0; key--) {
      stack.push({ node: node[key], step: { up, key }, depth });
    }
  } else {
    for (const [key, item] of Object.entries(node).reverse()) {
      stack.push({ node: item, step: { up, key }, depth });
    }
  }
}

/** What JSON text would lose of a value, its items aside. */
export function refusalOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      if (value - value !== 0) return `JSON has no ${value}`;
      return Object.is(value, -0) ? "JSON text makes 0 of -0" : undefined;
    case "object":
      return value === null ? undefined : refusalOfObject(value);
    default:
      return `JSON has no ${typeof value}`;
  }
}

function refusalOfObject(object: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  const wanted = Array.isArray(object) ? Array.prototype : Object.prototype;
  if (prototype !== wanted) {
    return `it is ${nameOf(prototype)}, which plain JSON does not bring back`;
  }
  if (Array.isArray(object)) return undefined;
  return Object.getOwnPropertySymbols(object).length > 0
    ? "it has a symbol for a key"
    : undefined;
}

function nameOf(prototype: unknown): string {
  if (prototype === null) return "an object without prototype";
  const { constructor } = prototype as { constructor?: unknown };
  const name = typeof constructor === "function" ? constructor.name : "";
  return name ? `of class ${name}` : "of a class without name";
}
