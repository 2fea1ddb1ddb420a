/// <reference lib="dom" />
import type { Summary, Told } from "./protocol.ts";
import { Client } from "./view/client.ts";
import { resetColours } from "./view/colours.ts";
import { ConvertDialog } from "./view/convert.ts";
import { DetailView } from "./view/detail.ts";
import { fill, h } from "./view/dom.ts";
import { listenToDrops } from "./view/drops.ts";
import { Overview } from "./view/overview.ts";
import { SummaryView } from "./view/summary.ts";
import { RowsTable } from "./view/table.ts";
import { welcome } from "./view/welcome.ts";

const FORMATS = [
  "auto",
  "brine",
  "lines",
  "ndjson",
  "json",
  "json-array",
  "json-seq",
  "msgpack",
  "pickle",
  "prefect",
  "dask",
  "npy",
  "npz",
];

const worker =
  document.querySelector<HTMLMetaElement>("meta[name=worker]")!.content;
const client = new Client(worker, listen);
const root = h("div", { class: "app" });
const picker = h("input", {
  type: "file",
  class: "picker",
  tabindex: -1,
  "aria-hidden": "true",
  onchange: picked,
});
const dialog = new ConvertDialog(client);
const summaryView = new SummaryView(
  select,
  nextDamage,
  () => client.ask("cancel"),
);
const overview = new Overview(client, select);
const detail = new DetailView(client, () => {
  document.body.classList.remove("looking");
  table.element.focus();
});
const table = new RowsTable(
  client,
  show,
  look,
  clicked,
  (first, last) => overview.see(first, last),
);
const name = h("span", { class: "file-name" });
const readAs = h(
  "select",
  { "aria-label": "Read as", onchange: () => reopen() },
  ...FORMATS.map((format) =>
    h(
      "option",
      { value: format },
      format === "auto" ? "as it looks" : `as ${format}`,
    )
  ),
);
const tools = h(
  "div",
  { class: "tools" },
  name,
  readAs,
  h("button", {
    type: "button",
    class: "secondary",
    onclick: () => picker.click(),
  }, "Open"),
  h("button", {
    type: "button",
    class: "primary",
    onclick: () => dialog.open(summary?.format ?? ""),
  }, "Convert"),
);
const header = h(
  "header",
  { class: "top" },
  h(
    "a",
    { class: "brand", href: "./", onclick: home },
    mark(),
    h("b", {}, "brine"),
    h("span", {}, "inspector"),
  ),
  tools,
);
const workspace = h(
  "main",
  { class: "workspace" },
  h("h1", { class: "hidden" }, "Brine inspector"),
  summaryView.element,
  overview.element,
  h(
    "div",
    { class: "split" },
    h("section", { class: "card list", "aria-label": "Rows" }, table.element),
    detail.element,
  ),
);
let summary: Summary | undefined;
let current: { source: Blob | string; name: string } | undefined;
let openings = 0;

root.append(header, start());
document.body.append(root, picker, dialog.element);
listenToDrops(open);
document.addEventListener("keydown", shortcut);

function start(): HTMLElement {
  tools.hidden = true;
  return welcome({
    pick: () => picker.click(),
    example: async () => {
      const blob = await client.ask("example");
      open(blob, "example.brine");
    },
    url: (url) => open(url, fileNameOf(url)),
  });
}

/** What a name tells of a format stands before the query, which may be a signature. */
function fileNameOf(url: string): string {
  const { pathname, host } = new URL(url);
  return pathname.split("/").at(-1) || host;
}

function home(event: Event): void {
  event.preventDefault();
  client.ask("cancel");
  current = undefined;
  document.title = "Brine inspector";
  fill(root, header, start());
}

function open(source: Blob | string, title: string, as = "auto"): void {
  current = { source, name: title };
  summary = undefined;
  resetColours();
  readAs.value = as;
  name.textContent = title.split("/").at(-1)!;
  name.title = typeof source === "string" ? source : title;
  document.title = `${name.textContent} · Brine inspector`;
  tools.hidden = false;
  detail.clear();
  table.reset();
  summaryView.reset();
  overview.reset();
  document.body.classList.remove("looking");
  fill(root, header, workspace);
  client.ask("open", { number: ++openings, source, name: title, as });
}

function reopen(): void {
  if (current) open(current.source, current.name, readAs.value);
}

function picked(): void {
  const file = picker.files?.[0];
  if (file) open(file, file.name);
  picker.value = "";
}

function listen(told: Told): void {
  if (told.told === "converting") return dialog.progress(told);
  if (!current || told.summary.opening !== openings) return;
  summary = told.summary;
  summaryView.update(summary);
  overview.update(summary);
  table.update(summary);
  // The first row with values, so that there is something to look at.
  const first = summary.unit === "message" ? 1 : 0;
  if (table.selected < 0 && summary.rows > first) select(first);
  else if (
    table.selected < 0 && summary.rows > 0 && summary.state !== "reading"
  ) {
    select(0);
  }
}

function select(row: number): void {
  table.select(row);
}

async function show(index: number): Promise<void> {
  const [row] = await client.ask("rows", index, index + 1);
  if (row) overview.mark(row.offset, row.offset + row.byteLength);
  await detail.show(index);
}

/** Goes from the list to what is in a row: on a phone, that is another page. */
function look(): void {
  document.body.classList.add("looking");
  detail.focus();
}

/** Where there is room for one thing only, what was clicked is looked at. */
function clicked(): void {
  if (matchMedia("(max-width: 720px), (max-height: 560px)").matches) look();
}

async function nextDamage(): Promise<void> {
  const row = await client.ask("nextDamage", table.selected);
  if (row >= 0) select(row);
}

function shortcut(event: KeyboardEvent): void {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey || dialog.element.open) return;
  if ((target as Element).matches("input, select, textarea")) return;
  if (key === "o") picker.click();
  else if (key === "d" && current) nextDamage();
  else if (key === "c" && current) dialog.open(summary?.format ?? "");
  else if (key === "Escape" && current) {
    document.body.classList.remove("looking");
    table.element.focus();
  } else return;
  event.preventDefault();
}

function mark(): HTMLElement {
  const line = (size: string) => h("span", { class: size });
  return h(
    "span",
    { class: "mark", "aria-hidden": "true" },
    line("long"),
    line("short"),
    line("middle"),
  );
}
