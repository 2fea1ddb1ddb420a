/// <reference lib="dom" />
import type { Node as Item } from "../protocol.ts";
import type { Client } from "./client.ts";
import { attributes, fill, h } from "./dom.ts";
import { Pages } from "./pages.ts";
import { count } from "./text.ts";
import { VirtualList } from "./virtual.ts";

const PAGE = 100;

/** A value as rows and columns. */
export async function dataGrid(
  client: Client,
  { id, key, type }: Item,
): Promise<HTMLElement> {
  const first = await client.ask("table", id, 0, PAGE);
  const { columns, length } = first;
  const pages = new Pages(
    PAGE,
    async (from, to) =>
      from === 0 ? first.rows : (await client.ask("table", id, from, to)).rows,
    () => list.refresh(),
  );
  const head = h(
    "div",
    { class: "data-row data-head", role: "row", "aria-rowindex": 1 },
    h("div", { class: "data-cell row-number", role: "columnheader" }, "#"),
    ...columns.map((name, i) =>
      h("div", {
        class: `data-cell ${toneOf(first.rows[0]?.[i])}`,
        role: "columnheader",
        title: name,
      }, name)
    ),
  );
  const widths = columns.map((name, i) => {
    const longest = first.rows.reduce(
      (most, row) => Math.max(most, row[i]?.length ?? 0),
      name.length,
    );
    return `${Math.min(36, Math.max(6, longest + 3))}ch`;
  });
  const list = new VirtualList({
    rowHeight: 28,
    role: "rowgroup",
    head: h("div", { role: "rowgroup", class: "list-head" }, head),
    render(index, element) {
      const cells = pages.get(index) ?? [];
      element.className = "virtual-row data-row";
      element.setAttribute("role", "row");
      element.setAttribute("aria-rowindex", String(index + 2));
      fill(
        element,
        h(
          "div",
          { class: "data-cell row-number", role: "rowheader" },
          count(index),
        ),
        ...columns.map((_, i) =>
          h(
            "div",
            { class: `data-cell ${toneOf(cells[i])}`, role: "cell" },
            cells[i],
          )
        ),
      );
    },
  });
  const { element } = list;
  element.classList.add("data-grid");
  attributes(element, {
    role: "table",
    tabindex: 0,
    "aria-label": `${key}: ${type}`,
    "aria-rowcount": length + 1,
    "--columns": [`${String(length).length + 3}ch`, ...widths].join(" "),
    onkeydown: (event: KeyboardEvent) => scroll(event, element),
  });
  queueMicrotask(() => list.setCount(length));
  return element;
}

/** The arrows and the page keys scroll what has no focus of its own inside. */
export function scroll(event: KeyboardEvent, element: HTMLElement): void {
  const page = element.clientHeight - 40;
  const by = new Map<string, readonly [number, number]>([
    ["ArrowDown", [0, 40]],
    ["ArrowUp", [0, -40]],
    ["ArrowRight", [80, 0]],
    ["ArrowLeft", [-80, 0]],
    ["PageDown", [0, page]],
    ["PageUp", [0, -page]],
    ["Home", [0, -element.scrollHeight]],
    ["End", [0, element.scrollHeight]],
  ]).get(event.key);
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  element.scrollBy(...by);
}

function toneOf(text: string | undefined): string {
  return text !== undefined && /^-?[\d.,e+]+n?$/i.test(text) ? "numeric" : "";
}
