/// <reference lib="dom" />
import type { Part } from "../protocol.ts";
import type { Client } from "./client.ts";
import { attributes, fill, h } from "./dom.ts";
import { scroll } from "./grid.ts";
import { Pages } from "./pages.ts";
import { VirtualList } from "./virtual.ts";

const WIDE = 16;
/** Where there is little room. */
const NARROW = 8;

/** The bytes of a message as they stand in the input, coloured by what they are. */
export function hexView(
  client: Client,
  parts: readonly Part[],
  from: number,
  byteLength: number,
): { readonly element: HTMLElement; readonly go: (offset: number) => void } {
  const perLine = innerWidth < 600 ? NARROW : WIDE;
  const lines = Math.ceil(byteLength / perLine);
  const pages = new Pages<Uint8Array>(
    256,
    async (first, last) => {
      const start = from + first * perLine;
      const bytes = await client.ask(
        "bytes",
        start,
        Math.min(from + byteLength, from + last * perLine),
      );
      return Array.from(
        { length: Math.ceil(bytes.length / perLine) },
        (_, i) => bytes.subarray(i * perLine, (i + 1) * perLine),
      );
    },
    () => list.refresh(),
  );
  const list = new VirtualList({
    rowHeight: 22,
    render(index, element) {
      element.className = "virtual-row hex-line";
      const bytes = pages.get(index) ?? new Uint8Array(0);
      const start = from + index * perLine;
      fill(
        element,
        h("span", { class: "hex-offset" }, start.toString(16).padStart(8, "0")),
        h(
          "span",
          { class: "hex-bytes" },
          ...runs(
            bytes,
            start,
            parts,
            (byte) => ` ${byte.toString(16).padStart(2, "0")}`,
          ),
        ),
        h("span", { class: "hex-text" }, ...runs(bytes, start, parts, letter)),
      );
    },
  });
  const { element } = list;
  element.classList.add("hex");
  attributes(element, {
    tabindex: 0,
    role: "group",
    "aria-label": "Bytes",
    onkeydown: (event: KeyboardEvent) => scroll(event, element),
  });
  queueMicrotask(() => list.setCount(lines));
  return {
    element,
    go: (offset) => list.reveal(Math.floor((offset - from) / perLine)),
  };
}

/** Bytes of one part after another. */
function runs(
  bytes: Uint8Array,
  start: number,
  parts: readonly Part[],
  spell: (byte: number) => string,
): HTMLElement[] {
  const spans: HTMLElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const offset = start + at;
    const index = partAt(parts, offset);
    const part = parts[index];
    const end = part
      ? Math.min(bytes.length, part.offset + part.byteLength - start)
      : bytes.length;
    const text = Array.from(bytes.subarray(at, Math.max(at + 1, end)), spell)
      .join("");
    spans.push(h("span", { class: `part-${partColour(index, parts)}` }, text));
    at = Math.max(at + 1, end);
  }
  return spans;
}

function partAt(parts: readonly Part[], offset: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (parts[middle]!.offset <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Lengths and header have colours of their own; frames take turns. */
export function partColour(index: number, parts: readonly Part[]): string {
  if (parts.length === 1) return "frame-a";
  if (index === 0) return "lengths";
  if (index === 1) return "header";
  return index % 2 === 0 ? "frame-a" : "frame-b";
}

function letter(byte: number): string {
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
}
