/// <reference lib="dom" />
import { fill, h } from "./dom.ts";

/** A tab, and what it shows; that is made when it is first looked at. */
export interface Tab {
  readonly name: string;
  readonly label: string;
  readonly make: () => Promise<HTMLElement> | HTMLElement;
}

/** Tabs, of which the one that was looked at last is kept in mind. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #list: HTMLElement;
  readonly #panel: HTMLElement;
  #tabs: readonly Tab[] = [];
  #made = new Map<string, HTMLElement | Promise<HTMLElement>>();
  #wanted = "values";

  constructor() {
    this.#list = h("div", {
      class: "tabs",
      role: "tablist",
      "aria-label": "What to show of it",
      onkeydown: (event: KeyboardEvent) => this.#key(event),
    });
    this.#panel = h("div", { class: "panel", role: "tabpanel", id: "panel" });
    this.element = h("div", { class: "tabbed" }, this.#list, this.#panel);
  }

  /** Shows other tabs. */
  show(tabs: readonly Tab[]): void {
    this.#tabs = tabs;
    this.#made.clear();
    fill(
      this.#list,
      ...tabs.map(({ name, label }) =>
        h("button", {
          role: "tab",
          id: `tab-${name}`,
          "aria-controls": "panel",
          type: "button",
          onclick: () => this.open(name),
        }, label)
      ),
    );
    const has = (name: string) => tabs.some((tab) => tab.name === name);
    this.open(has(this.#wanted) ? this.#wanted : tabs[0]?.name ?? "", false);
  }

  /** Opens a tab. */
  async open(name: string, isWanted = true): Promise<HTMLElement | undefined> {
    const tab = this.#tabs.find((tab) => tab.name === name);
    if (!tab) return;
    if (isWanted) this.#wanted = name;
    for (const button of this.#list.children) {
      const isThis = button.id === `tab-${name}`;
      button.setAttribute("aria-selected", String(isThis));
      button.setAttribute("tabindex", isThis ? "0" : "-1");
    }
    this.#panel.setAttribute("aria-labelledby", `tab-${name}`);
    let made = this.#made.get(name);
    if (made === undefined) this.#made.set(name, made = tab.make());
    const element = await made;
    const isStill = this.#list.querySelector(
      `#tab-${name}[aria-selected=true]`,
    );
    if (isStill && this.#tabs.includes(tab)) fill(this.#panel, element);
    return element;
  }

  /** Puts the focus into what is shown. */
  focus(): void {
    const inside = this.#panel.querySelector<HTMLElement>("[tabindex='0']");
    (inside ?? this.#list.querySelector<HTMLElement>("[aria-selected=true]"))
      ?.focus();
  }

  #key(event: KeyboardEvent): void {
    const at = this.#tabs.findIndex(({ name }) =>
      this.#list.querySelector(`#tab-${name}[aria-selected=true]`)
    );
    const last = this.#tabs.length - 1;
    const to = new Map([
      ["ArrowRight", at === last ? 0 : at + 1],
      ["ArrowLeft", at === 0 ? last : at - 1],
      ["Home", 0],
      ["End", last],
    ]).get(event.key);
    if (to === undefined) return;
    event.preventDefault();
    this.open(this.#tabs[to]!.name);
    (this.#list.children[to] as HTMLElement).focus();
  }
}
