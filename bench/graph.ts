/** 20,000 objects with `Map`, `Date` and `bigint`, and with references where they can be written. */
import { equal } from "node:assert/strict";
import { type Case, duels, type Figure, type Run } from "./_measure.ts";
import { brine, type Rival, rivals } from "./_rivals.ts";

interface Node {
  id: number;
  name: string;
  parent?: Node | null;
  last?: Node;
  when?: Date;
  size?: bigint;
  attributes?: Map<string, unknown>;
  tags?: string[];
}

/** Every node has one thing of these; references point to the node above, and once from the first to the last. */
export function graph(count: number, references: boolean): Node[] {
  const nodes: Node[] = [];
  for (let id = 0; id < count; id++) {
    const node: Node = { id, name: `node ${id}` };
    if (references) node.parent = id ? nodes[(id - 1) >> 1]! : null;
    if (id % 4 === 0) node.when = new Date(1.7e12 + id * 1e6);
    if (id % 4 === 1) node.size = 2n ** 40n * BigInt(id);
    if (id % 4 === 2) node.attributes = new Map([["kind", id % 7]]);
    if (id % 4 === 3) node.tags = ["a", `tag ${id % 50}`];
    nodes.push(node);
  }
  if (references) nodes[0]!.last = nodes.at(-1)!;
  return nodes;
}

/** A number that changes when anything in a graph does. */
export function digest(nodes: readonly Node[]): string {
  let sum = 0;
  let big = 0n;
  for (const node of nodes) {
    sum = (sum * 31 + node.id + node.name.length) % 1e9;
    if (node.parent) {
      sum += node.parent.id + (nodes[node.parent.id] === node.parent ? 1 : 0);
    }
    if (node.last) sum += node.last === nodes.at(-1) ? 7 : 0;
    if (node.when instanceof Date) sum += node.when.getTime() % 1e9;
    if (typeof node.size === "bigint") big += node.size;
    if (node.attributes instanceof Map) {
      sum += Number(node.attributes.get("kind")) * 3;
    }
    if (node.tags) sum += node.tags.join().length;
  }
  return `${sum} ${big}`;
}

function writesReferences(): boolean {
  const nodes = graph(4, true);
  try {
    const { encode, decode } = brine("json");
    return digest(decode(encode(nodes)) as Node[]) === digest(nodes);
  } catch {
    return false;
  }
}

export const graphs: Case = async ({ quick }) => {
  const references = writesReferences();
  const value = graph(quick ? 100 : 20_000, references);
  const wanted = digest(value);
  const runs: Record<string, Run> = {};
  const sizes: Record<string, number> = {};
  /** Those who bring something else back are raced all the same, and named. */
  const wrong: string[] = [];
  const ours = { brine: brine("msgpack"), "brine json": brine("json") };
  const all: Record<string, Rival> = { ...ours, ...rivals };
  for (const [name, { encode, decode }] of Object.entries(all)) {
    const bytes = encode(value);
    const isRight = digest(decode(bytes) as Node[]) === wanted;
    if (name in ours) equal(isRight, true, name);
    else if (!isRight) wrong.push(name);
    sizes[name] = bytes.length;
    runs[name] = () => (decode(encode(value)) as Node[]).length;
  }
  const { brine: run, ...others } = runs;
  const { ratios, detail } = await duels(quick ? 1 : 7, "brine", run!, others);
  const what = `20,000 objects${references ? "" : ", no references"}`;
  const fast = (name: string, atLeast?: number): Figure => ({
    name: `${what}: speed against ${name}`,
    value: ratios[name]!,
    unit: "x",
    ...atLeast && { atLeast },
  });
  return [
    {
      ...fast("msgpackr", 1),
      detail: detail + (wrong.length ? `; not right: ${wrong}` : ""),
    },
    fast("devalue", 3),
    fast("seroval", 3),
    fast("superjson", 3),
    fast("cbor-x"),
    {
      name: `${what}: size against msgpackr's`,
      value: sizes.brine! / sizes.msgpackr!,
      unit: "x",
      atMost: 1.2,
      detail:
        Object.entries(sizes).map(([name, size]) =>
          `${name} ${(size / 1e6).toFixed(2)}`
        ).join(", ") + " MB",
    },
  ];
};
