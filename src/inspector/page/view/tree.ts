/// <reference lib="dom" />
import type { Node as Item } from "../protocol.ts";
import type { Client } from "./client.ts";
import { fill, h } from "./dom.ts";
import { count } from "./text.ts";

/** Entries that are shown at once; then there is a line that brings more. */
const STEP = 100;
let trees = 0;

/** A line of the tree. */
interface Line {
  readonly element: HTMLElement;
  readonly level: number;
  readonly parent: Line | undefined;
  /** A value, or, of a line that brings more, none. */
  readonly item: Item | undefined;
  readonly more: (() => void) | undefined;
  isOpen: boolean;
}

/** Values within values. */
export class Tree {
  readonly element: HTMLElement;
  readonly #client: Client;
  readonly #id = `tree-${trees++}`;
  #lines: Line[] = [];
  #active: Line | undefined;
  #made = 0;

  constructor(client: Client, label: string) {
    this.#client = client;
    this.element = h("div", {
      class: "tree",
      role: "tree",
      tabindex: 0,
      "aria-label": label,
      onkeydown: (event: KeyboardEvent) => this.#key(event),
      onclick: (event: MouseEvent) => this.#click(event),
    });
  }

  /** Shows these values. */
  async show(items: readonly Item[]): Promise<void> {
    this.#lines = [];
    this.#active = undefined;
    this.element.removeAttribute("aria-activedescendant");
    this.element.replaceChildren();
    await this.#insert(
      0,
      undefined,
      items.length,
      (from, to) => Promise.resolve(items.slice(from, to)),
    );
    // A single value is there to be looked into.
    const [only, ...more] = this.#lines;
    if (only && more.length === 0) await this.#toggle(only, true);
  }

  /** Puts entries behind a line, and one that brings more if there are more. */
  async #insert(
    at: number,
    parent: Line | undefined,
    total: number,
    fetch: (from: number, to: number) => Promise<readonly Item[]>,
    from = 0,
  ): Promise<void> {
    const to = Math.min(total, from + STEP);
    const items = await fetch(from, to);
    const lines = items.map((item) => this.#line(parent, item, undefined));
    if (to < total) {
      const more = this.#line(parent, undefined, () => {
        const place = this.#lines.indexOf(more);
        this.#remove(place, 1);
        this.#insert(place, parent, total, fetch, to);
      });
      fill(
        more.element,
        h("span", { class: "twisty" }),
        h("span", { class: "more" }, `${count(total - to)} more …`),
      );
      lines.push(more);
    }
    const before = this.#lines[at]?.element ?? null;
    for (const { element } of lines) this.element.insertBefore(element, before);
    this.#lines.splice(at, 0, ...lines);
    if (from > 0 && lines[0]) this.#activate(lines[0]);
  }

  #line(
    parent: Line | undefined,
    item: Item | undefined,
    more: (() => void) | undefined,
  ): Line {
    const level = (parent?.level ?? 0) + 1;
    const element = h("div", {
      class: "tree-line",
      role: "treeitem",
      id: `${this.#id}-${this.#made++}`,
      "aria-level": level,
      "aria-selected": "false",
      "--level": level - 1,
    });
    if (item) {
      if (item.count > 0) element.setAttribute("aria-expanded", "false");
      fill(
        element,
        h("span", { class: "twisty", "aria-hidden": "true" }),
        h("span", { class: "key" }, item.key),
        h("span", { class: `preview ${item.tone}` }, item.preview),
        h("span", { class: "type" }, item.type),
      );
    }
    return { element, level, parent, item, more, isOpen: false };
  }

  #remove(at: number, length: number): void {
    for (const { element } of this.#lines.splice(at, length)) element.remove();
  }

  async #toggle(line: Line, open: boolean): Promise<void> {
    const { item } = line;
    if (!item || item.count === 0 || line.isOpen === open) return;
    line.isOpen = open;
    line.element.setAttribute("aria-expanded", String(open));
    const at = this.#lines.indexOf(line) + 1;
    if (!open) {
      let end = at;
      while (this.#lines[end] && this.#lines[end]!.level > line.level) end++;
      return this.#remove(at, end - at);
    }
    await this.#insert(
      at,
      line,
      item.count,
      (from, to) => this.#client.ask("children", item.id, from, to),
    );
  }

  #activate(line: Line): void {
    this.#active?.element.setAttribute("aria-selected", "false");
    this.#active = line;
    line.element.setAttribute("aria-selected", "true");
    line.element.scrollIntoView({ block: "nearest" });
    this.element.setAttribute("aria-activedescendant", line.element.id);
  }

  #click(event: MouseEvent): void {
    const element = (event.target as Element).closest(".tree-line");
    const line = this.#lines.find((each) => each.element === element);
    if (!line) return;
    this.#activate(line);
    if (line.more) line.more();
    else this.#toggle(line, !line.isOpen);
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const lines = this.#lines;
    const at = this.#active ? lines.indexOf(this.#active) : -1;
    const go = (to: number) => {
      const line = lines[Math.min(lines.length - 1, Math.max(0, to))];
      if (line) this.#activate(line);
    };
    const active = this.#active;
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      ArrowRight: () => {
        if (!active) return go(0);
        if (active.isOpen) go(at + 1);
        else this.#toggle(active, true);
      },
      ArrowLeft: () => {
        if (active?.isOpen) this.#toggle(active, false);
        else if (active?.parent) this.#activate(active.parent);
      },
      Enter: () =>
        active?.more
          ? active.more()
          : active && this.#toggle(active, !active.isOpen),
    };
    const act = keys[event.key === " " ? "Enter" : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
