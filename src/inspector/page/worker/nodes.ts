import type { Node, Plot, Table } from "../protocol.ts";
import { describe, type Described } from "./describe.ts";
import { plotsOf, tableOf, tabularOf } from "./tables.ts";

/** Values that are looked through for tables. */
const MAX_LOOKED = 400;
const MAX_SUBJECTS = 12;

/** The values that are shown, by number: they stay here, and only what is seen of them is told. */
export class Nodes {
  #values: unknown[] = [];
  #described: (Described | undefined)[] = [];

  /** Forgets all. */
  clear(): void {
    this.#values = [];
    this.#described = [];
  }

  /** Takes a value in. */
  add(key: string, value: unknown): Node {
    const id = this.#values.push(value) - 1;
    let described: Described;
    try {
      described = describe(value);
    } catch (error) {
      described = { type: "?", preview: String(error), tone: "error" };
    }
    this.#described[id] = described;
    const { type, preview, tone, count = 0 } = described;
    return {
      id,
      key,
      type,
      preview,
      tone,
      count,
      tabular: tabularOf(value) !== undefined,
    };
  }

  /** Some of what is in a value. */
  children(id: number, from: number, to: number): Node[] {
    const { at, count = 0 } = this.#described[id]!;
    const nodes: Node[] = [];
    for (let i = from; at && i < Math.min(to, count); i++) {
      nodes.push(this.add(...at(i)));
    }
    return nodes;
  }

  table(id: number, from: number, to: number): Table {
    const tabular = tabularOf(this.#values[id]);
    return tabular
      ? tableOf(tabular, from, to)
      : { columns: [], rows: [], length: 0 };
  }

  plots(id: number): Plot[] {
    const tabular = tabularOf(this.#values[id]);
    return tabular ? plotsOf(tabular) : [];
  }

  /** What can be shown as a table of a value and all in it, as far as that is looked through. */
  subjects(key: string, value: unknown): Node[] {
    const found: Node[] = [];
    const queue: { path: string; value: unknown }[] = [{ path: key, value }];
    for (
      let i = 0;
      i < Math.min(queue.length, MAX_LOOKED) && found.length < MAX_SUBJECTS;
      i++
    ) {
      const { path, value } = queue[i]!;
      if (tabularOf(value)) {
        found.push(this.add(path, value));
        continue;
      }
      const { at, count = 0 } = describe(value);
      for (let k = 0; at && k < Math.min(count, 40); k++) {
        const [key, item] = at(k);
        if (typeof item === "object" && item !== null) {
          queue.push({ path: join(path, key), value: item });
        }
      }
    }
    return found;
  }
}

function join(path: string, key: string): string {
  return path === ""
    ? key
    : /^\d+$/.test(key)
    ? `${path}[${key}]`
    : `${path}.${key}`;
}
