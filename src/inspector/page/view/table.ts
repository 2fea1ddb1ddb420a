/// <reference lib="dom" />
import type { Row, Summary } from "../protocol.ts";
import type { Client } from "./client.ts";
import { colourOf } from "./colours.ts";
import { attributes, fill, h } from "./dom.ts";
import { Pages } from "./pages.ts";
import { count, ratio, size } from "./text.ts";
import { VirtualList } from "./virtual.ts";

const COLUMNS = [
  ["#", "n"],
  ["Offset", "offset"],
  ["Family", "family"],
  ["Values", "values"],
  ["Frames", "frames"],
  ["Codec", "codec"],
  ["Stored", "stored"],
  ["Plain", "plain"],
  ["Ratio", "ratio"],
] as const;
const ROW_HEIGHT = 30;

/** All rows of what is open. */
export class RowsTable {
  readonly element: HTMLElement;
  selected = -1;
  readonly #list: VirtualList;
  readonly #pages: Pages<Row>;
  readonly #select: (index: number) => void;

  constructor(
    client: Client,
    select: (index: number) => void,
    open: () => void,
    clicked: () => void,
    onRange: (first: number, last: number) => void,
  ) {
    this.#select = select;
    this.#pages = new Pages(
      200,
      (from, to) => client.ask("rows", from, to),
      () => this.#list.refresh(),
    );
    const cells = COLUMNS.map(([title, name]) =>
      h("div", { class: `cell ${name}`, role: "columnheader" }, title)
    );
    const head = h("div", {
      class: "cells head",
      role: "row",
      "aria-rowindex": 1,
    }, ...cells);
    this.#list = new VirtualList({
      rowHeight: ROW_HEIGHT,
      role: "rowgroup",
      head: h("div", { role: "rowgroup", class: "list-head" }, head),
      render: (index, element) => this.#render(index, element),
      onRange,
    });
    this.#list.inner.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[role=row]");
      if (!row) return;
      this.select(Number(row.dataset.index));
      clicked();
    });
    this.element = this.#list.element;
    this.element.classList.add("rows");
    attributes(this.element, {
      role: "grid",
      tabindex: 0,
      "aria-label": "Messages",
      "aria-readonly": "true",
      onkeydown: (event: KeyboardEvent) => this.#key(event, open),
    });
  }

  /** Shows what is there by now. */
  update({ rows, unit, bytes }: Summary): void {
    this.element.setAttribute("aria-rowcount", String(rows + 1));
    this.element.setAttribute(
      "aria-label",
      `${unit[0]!.toUpperCase()}${unit.slice(1)}s`,
    );
    // As wide as the longest number will be.
    this.element.style.setProperty("--n", `${count(rows).length + 2.5}ch`);
    this.element.style.setProperty("--offset", `${count(bytes).length + 3}ch`);
    this.#pages.grow();
    this.#list.setCount(rows);
  }

  /** Forgets all rows: something else is open. */
  reset(): void {
    this.selected = -1;
    this.#pages.clear();
    this.#list.setCount(0);
    this.element.removeAttribute("aria-activedescendant");
  }

  /** Chooses a row. */
  select(index: number): void {
    if (index < 0 || index >= this.#list.count) return;
    this.selected = index;
    this.#list.reveal(index);
    this.#list.refresh();
    this.element.setAttribute("aria-activedescendant", `row-${index}`);
    this.#select(index);
  }

  #key(event: KeyboardEvent, open: () => void): void {
    const { page, count } = this.#list;
    const at = Math.max(0, this.selected);
    const to = new Map([
      ["ArrowDown", this.selected < 0 ? 0 : at + 1],
      ["ArrowUp", at - 1],
      ["PageDown", at + page],
      ["PageUp", at - page],
      ["Home", 0],
      ["End", count - 1],
    ]).get(event.key);
    if (event.key === "Enter" || event.key === "ArrowRight") {
      event.preventDefault();
      return open();
    }
    if (to === undefined || event.altKey || event.metaKey || event.ctrlKey) {
      return;
    }
    event.preventDefault();
    this.select(Math.min(count - 1, Math.max(0, to)));
  }

  #render(index: number, element: HTMLElement): void {
    const row = this.#pages.get(index);
    element.className = `virtual-row cells ${row?.status ?? "loading"}`;
    element.setAttribute("role", "row");
    element.id = `row-${index}`;
    element.dataset.index = String(index);
    element.setAttribute("aria-rowindex", String(index + 2));
    element.setAttribute("aria-selected", String(index === this.selected));
    const cells = row ? cellsOf(row) : [];
    fill(
      element,
      h("div", { class: "cell n", role: "gridcell" }, count(index)),
      ...COLUMNS.slice(1).map(([, name], i) =>
        h("div", { class: `cell ${name}`, role: "gridcell" }, ...cells[i] ?? [])
      ),
    );
  }
}

const NAMES = {
  start: "start of stream",
  end: "end and index",
  damaged: "damaged",
  failure: "failure",
};

function cellsOf(row: Row): (Node | string)[][] {
  const isMessage = row.status === "ok" || row.status === "failure";
  const name = row.status === "ok" ? row.family : NAMES[row.status];
  const label = h(
    "span",
    { class: "family-label" },
    h("span", {
      class: row.status === "ok"
        ? `dot c${colourOf(row.family)}`
        : `dot ${row.status}`,
      "aria-hidden": "true",
    }),
    h("span", { class: "family-name" }, name),
    row.tagged &&
      h(
        "span",
        { class: "tag", title: "holds types that plain JSON has not" },
        "types",
      ),
  );
  const family: (Node | string)[] = [label];
  if (row.note !== undefined) label.title = row.note;
  return [
    [count(row.offset)],
    family,
    [isMessage || row.values > 0 ? count(row.values) : ""],
    [isMessage ? count(row.frames) : ""],
    [row.codecs === "none" ? "" : row.codecs],
    [size(row.byteLength)],
    [!isMessage ? "" : row.plainBytes === null ? "?" : size(row.plainBytes)],
    isMessage ? [ratioBar(row)] : [],
  ];
}

/** The ratio in digits, over a bar of what is left of the plain bytes. */
function ratioBar({ plainBytes, byteLength }: Row): HTMLElement {
  const share = plainBytes ? Math.min(1, byteLength / plainBytes) : 1;
  return h(
    "span",
    { class: "ratio-bar", "--share": share.toFixed(3) },
    h("span", {}, ratio(plainBytes, byteLength)),
  );
}
