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

function spell(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Where an object stands in a tree; looked for only when an error has to say so. */
export function pathTo(root: unknown, wanted: object): string {
  const stack: { node: unknown; step: Step | undefined }[] = [
    { node: root, step: undefined },
  ];
  for (let next; (next = stack.pop());) {
    if (next.node === wanted) return pathOf(next.step);
    if (typeof next.node !== "object" || next.node === null) continue;
    // Its elements are no places, and may be millions.
    if (ArrayBuffer.isView(next.node)) continue;
    const up = next.step;
    for (const [key, node] of Object.entries(next.node)) {
      const name = Array.isArray(next.node) ? Number(key) : key;
      stack.push({ node, step: { up, key: name } });
    }
  }
  return "$";
}
