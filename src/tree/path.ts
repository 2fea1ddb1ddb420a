import { isEscaped, tagOf, type TreeObject } from "./tags.ts";

/** One step down into a value; the steps are linked upwards, so that keeping them costs little. */
export interface Step {
  readonly up: Step | undefined;
  readonly key: string | number;
}

const MAX_STEPS = 32;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The steps from the root as text, such as `$.user.tags[2]` or `$["a b"]`. */
export function pathOf(step: Step | undefined): string {
  const keys: string[] = [];
  for (; step; step = step.up) keys.push(spell(step.key));
  keys.reverse();
  // Of a path that nobody would read to its end, both ends.
  if (keys.length > MAX_STEPS) {
    keys.splice(MAX_STEPS / 2, keys.length - MAX_STEPS, "…");
  }
  return "$" + keys.join("");
}

/** The first keys of a list, from the root, as such text; what has none, a header, stands for the value itself. */
export function pathOfKeys(
  keys: readonly (string | number | undefined)[],
  count: number,
): string {
  let step: Step | undefined;
  for (let i = 0; i < count; i++) {
    const key = keys[i];
    if (key !== undefined) step = { up: step, key };
  }
  return pathOf(step);
}

function spell(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/**
 * Where an object stands in a tree, as the value calls it: tags are no steps, and names that were escaped are what they
 * were. Looked for only when an error has to say so.
 */
export function pathTo(root: unknown, wanted: object): string {
  const stack: { node: unknown; step: Step | undefined }[] = [
    { node: root, step: undefined },
  ];
  for (let next; (next = stack.pop());) {
    const { node: parent, step: up } = next;
    if (parent === wanted) return pathOf(up);
    if (typeof parent !== "object" || parent === null) continue;
    // Its elements are no places, and may be millions.
    if (ArrayBuffer.isView(parent)) continue;
    const tag = Array.isArray(parent) ? undefined : tagOf(parent);
    const content = tag === undefined ? [] : (parent as TreeObject)[tag];
    if (tag !== undefined && !isEscaped(tag) && Array.isArray(content)) {
      stack.push({ node: content[0], step: up });
      continue;
    }
    for (const [name, node] of Object.entries(parent)) {
      const key = Array.isArray(parent) ? Number(name) : nameOf(name, tag);
      stack.push({ node, step: { up, key } });
    }
  }
  return "$";
}

function nameOf(name: string, tag: string | undefined): string {
  return tag !== undefined && isEscaped(tag) ? name.slice(1) : name;
}
