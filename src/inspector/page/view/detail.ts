/// <reference lib="dom" />
import type { Detail, Node as Item, Row } from "../protocol.ts";
import type { Client } from "./client.ts";
import { fill, h } from "./dom.ts";
import { dataGrid } from "./grid.ts";
import { hexView } from "./hex.ts";
import { plotsView } from "./plots.ts";
import { structureView } from "./structure.ts";
import { type Tab, Tabs } from "./tabs.ts";
import { count, plural, size } from "./text.ts";
import { Tree } from "./tree.ts";

/** All about the row that is chosen. */
export class DetailView {
  readonly element: HTMLElement;
  readonly #client: Client;
  readonly #title: HTMLElement;
  readonly #notes: HTMLElement;
  readonly #tabs = new Tabs();
  #index = -1;

  constructor(client: Client, close: () => void) {
    this.#client = client;
    this.#title = h("div", { class: "detail-title" });
    this.#notes = h("div", { class: "notes" });
    const back = h(
      "button",
      { type: "button", class: "back", onclick: close },
      "‹ Back to the list",
    );
    this.element = h(
      "section",
      { class: "card detail", "aria-label": "The chosen message" },
      back,
      this.#title,
      this.#notes,
      this.#tabs.element,
    );
    this.clear();
  }

  /** Nothing is chosen. */
  clear(): void {
    this.#index = -1;
    this.element.classList.add("nothing");
    fill(
      this.#title,
      h("p", { class: "empty" }, "Choose a row to see what is in it."),
    );
    fill(this.#notes);
  }

  /** Puts the focus into it. */
  focus(): void {
    this.#tabs.focus();
  }

  /** Shows a row; that of a choice that has been changed since is dropped. */
  async show(index: number): Promise<void> {
    this.#index = index;
    let detail: Detail;
    try {
      detail = await this.#client.ask("detail", index);
    } catch (error) {
      if (this.#index === index) {
        fill(this.#title, h("p", { class: "alert" }, String(error)));
      }
      return;
    }
    if (this.#index !== index) return;
    this.element.classList.remove("nothing");
    fill(this.#title, ...titleOf(detail.row));
    fill(
      this.#notes,
      detail.error !== undefined &&
        h("p", { class: "alert", role: "alert" }, detail.error),
      ...detail.notes.map((note) => h("p", { class: "note" }, note)),
    );
    this.#tabs.show(this.#tabsOf(detail));
  }

  #tabsOf(detail: Detail): Tab[] {
    const client = this.#client;
    const { row, values, subjects, listing } = detail;
    const tabs: Tab[] = [];
    if (values.length > 0) {
      tabs.push({
        name: "values",
        label: "Values",
        make: () => valuesView(client, values),
      });
    }
    if (subjects.length > 0) {
      tabs.push({
        name: "table",
        label: "Table",
        make: () => chooser(subjects, (item) => dataGrid(client, item)),
      });
      tabs.push({
        name: "plots",
        label: "Plots",
        make: () => chooser(subjects, (item) => plotsView(client, item)),
      });
    }
    const hex = hexOnce(client, detail);
    tabs.push({
      name: "structure",
      label: "Structure",
      make: () =>
        structureView(client, detail, async ({ offset }) => {
          await this.#tabs.open("bytes");
          hex().go(offset);
        }),
    });
    tabs.push({ name: "bytes", label: "Bytes", make: () => hex().element });
    if (listing) {
      tabs.push({
        name: "listing",
        label: listing.title,
        make: () =>
          h("pre", {
            class: "listing",
            tabindex: 0,
            role: "group",
            "aria-label": listing.title,
          }, listing.text),
      });
    }
    if (row.status === "damaged" && values.length === 0) tabs.reverse();
    return tabs;
  }
}

function hexOnce(client: Client, { parts, row }: Detail) {
  let made: ReturnType<typeof hexView> | undefined;
  return () => made ??= hexView(client, parts, row.offset, row.byteLength);
}

function titleOf(
  { index, offset, byteLength, status, family, values }: Row,
): HTMLElement[] {
  const name = status === "ok" ? family : status;
  return [
    h("h2", {}, `${count(index)} `, h("small", {}, name)),
    h(
      "p",
      { class: "where" },
      `bytes ${count(offset)} to ${count(offset + byteLength)} · ${
        size(byteLength)
      }${values > 0 ? ` · ${plural(values, "value")}` : ""}`,
    ),
  ];
}

function valuesView(client: Client, values: readonly Item[]): HTMLElement {
  const tree = new Tree(client, "Values");
  tree.show(values);
  return tree.element;
}

/** One of several things to be shown the same way. */
async function chooser(
  items: readonly Item[],
  make: (item: Item) => Promise<HTMLElement>,
): Promise<HTMLElement> {
  const place = h("div", { class: "chosen" });
  const show = async (item: Item) => fill(place, await make(item));
  await show(items[0]!);
  if (items.length === 1) return place;
  const select = h(
    "select",
    {
      "aria-label": "What to show",
      onchange: (event: Event) =>
        show(items[Number((event.target as HTMLSelectElement).value)]!),
    },
    ...items.map(({ key, type }, i) =>
      h("option", { value: i }, `${key}: ${type}`)
    ),
  );
  return h("div", { class: "chooser" }, select, place);
}
