/// <reference lib="dom" />
import type { Layout, Summary } from "../protocol.ts";
import type { Client } from "./client.ts";
import { colourOf, colourValue } from "./colours.ts";
import { fill, h } from "./dom.ts";
import { count, plural, size } from "./text.ts";

const HEIGHT = 64;
/** Milliseconds between two times that it is drawn while something is read. */
const PACE = 400;
/** Room above, for the marks of damage, and below, for what the table shows. */
const TOP = 8;
const BOTTOM = 6;

/** The picture of the whole: from left to right all bytes, in the colours of their families. */
export class Overview {
  readonly element: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #legend: HTMLElement;
  readonly #axis: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #client: Client;
  #layout: Layout = { bytes: 0, families: [], slots: [] };
  #selected: readonly [from: number, to: number] | undefined;
  #seen: readonly [first: number, last: number] = [0, 0];
  #drawn = 0;
  #busy = false;
  #again = false;

  constructor(client: Client, select: (row: number) => void) {
    this.#client = client;
    this.#canvas = h("canvas", {
      class: "strip",
      role: "img",
      onclick: (event: MouseEvent) => {
        const slot = this.#slotAt(event);
        if (slot) select(slot.row);
      },
      onmousemove: (event: MouseEvent) => this.#hover(event),
      onmouseleave: () => this.#hint.replaceChildren(),
    });
    this.#legend = h("div", { class: "legend" });
    this.#axis = h("div", { class: "axis", "aria-hidden": "true" });
    this.#hint = h("div", { class: "hint", "aria-hidden": "true" });
    this.element = h(
      "section",
      { class: "card overview", "aria-label": "Layout" },
      this.#canvas,
      this.#axis,
      h("div", { class: "under" }, this.#legend, this.#hint),
    );
    new ResizeObserver(() => this.#fetch()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener(
      "change",
      () => this.#draw(),
    );
  }

  /** Forgets what was chosen: something else is open. */
  reset(): void {
    this.#selected = undefined;
    this.#layout = { bytes: 0, families: [], slots: [] };
  }

  /** Shows what is there by now. */
  update(summary: Summary): void {
    const { families, damageCount, unit, messages, bytes } = summary;
    this.#canvas.setAttribute(
      "aria-label",
      `${plural(messages, unit)} in ${size(bytes)}: ${
        families.map(({ name, count: n }) => `${count(n)} of ${name}`).join(
          ", ",
        )
      }${
        damageCount > 0 ? `; damaged in ${plural(damageCount, "place")}` : ""
      }`,
    );
    const item = (colour: string, name: string, about: string) =>
      h(
        "span",
        { class: "legend-item" },
        h("span", { class: `dot ${colour}`, "aria-hidden": "true" }),
        name,
        h("small", {}, about),
      );
    fill(
      this.#legend,
      ...families.slice(0, 8).map(({ name, count: n, bytes }) =>
        item(`c${colourOf(name)}`, name, `${count(n)} · ${size(bytes)}`)
      ),
      damageCount > 0 && item("damaged", "damaged", count(damageCount)),
    );
    fill(
      this.#axis,
      ...[0, 0.25, 0.5, 0.75, 1].map((share) =>
        h("span", {}, size(share * bytes))
      ),
    );
    // To draw all of a long stream again takes time that reading it could have.
    const isDue = performance.now() - this.#drawn > PACE;
    if (isDue || summary.state !== "reading") this.#fetch();
  }

  /** Marks what is chosen. */
  mark(from: number, to: number): void {
    this.#selected = [from, to];
    this.#draw();
  }

  /** Marks what the table shows. */
  see(first: number, last: number): void {
    this.#seen = [first, last];
    this.#draw();
  }

  async #fetch(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.#drawn = performance.now();
    const width = this.#canvas.clientWidth;
    if (width > 0) this.#layout = await this.#client.ask("layout", width);
    this.#busy = false;
    this.#draw();
    if (!this.#again) return;
    this.#again = false;
    await this.#fetch();
  }

  #draw(): void {
    const canvas = this.#canvas;
    const width = canvas.clientWidth;
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    this.#drawSlots(context);
    this.#drawMarks(context, width);
  }

  #drawSlots(context: CanvasRenderingContext2D): void {
    const { slots, families } = this.#layout;
    const colours = families.map((name) => colourValue(`--c${colourOf(name)}`));
    const [grey, red, gap] = ["--envelope", "--damage", "--surface"].map(
      colourValue,
    );
    const height = HEIGHT - TOP - BOTTOM;
    let since = 0;
    slots.forEach(({ family, ratio, row, damaged }, x) => {
      const colour = family === -2
        ? red!
        : family === -1
        ? grey!
        : colours[family]!;
      const stored = Math.max(2, height * Math.min(1, ratio));
      context.fillStyle = colour;
      context.globalAlpha = 0.22;
      context.fillRect(x, TOP, 1, height);
      context.globalAlpha = 1;
      context.fillRect(x, TOP + height - stored, 1, stored);
      if (damaged) {
        context.fillStyle = red!;
        context.fillRect(x, 0, 2, HEIGHT - BOTTOM);
      }
      // A line between two messages, where they are wide enough for one.
      const next = slots[x + 1];
      if (next === undefined || next.row === row) return;
      if (x - since >= 4) {
        context.fillStyle = gap!;
        context.fillRect(x, TOP, 1, height);
      }
      since = x + 1;
    });
  }

  #drawMarks(context: CanvasRenderingContext2D, width: number): void {
    const { slots, bytes } = this.#layout;
    const [first, last] = this.#seen;
    const seen = slots.flatMap(({ row }, x) =>
      row >= first && row < last ? [x] : []
    );
    if (seen.length > 0) {
      context.fillStyle = colourValue("--muted");
      const from = seen[0]!;
      context.fillRect(
        from,
        HEIGHT - 3,
        Math.max(4, seen.at(-1)! - from + 1),
        3,
      );
    }
    if (!this.#selected || bytes === 0) return;
    const [from, to] = this.#selected.map((offset) => offset / bytes * width);
    context.strokeStyle = colourValue("--text");
    context.lineWidth = 2;
    const wide = Math.max(4, to! - from!);
    const left = Math.min(
      width - wide - 1,
      Math.max(1, from! - (wide > to! - from! ? wide / 2 : 0)),
    );
    context.strokeRect(left, TOP - 3, wide, HEIGHT - TOP - BOTTOM + 6);
  }

  #slotAt(event: MouseEvent) {
    return this.#layout.slots[Math.floor(event.offsetX)];
  }

  #hover(event: MouseEvent): void {
    const slot = this.#slotAt(event);
    if (!slot) return this.#hint.replaceChildren();
    const { bytes, families } = this.#layout;
    const offset = Math.floor(event.offsetX / this.#canvas.clientWidth * bytes);
    const what = slot.family === -2
      ? "damaged"
      : slot.family === -1
      ? "envelope"
      : families[slot.family];
    fill(
      this.#hint,
      `row ${count(slot.row)} · byte ${count(offset)} · ${what}`,
    );
  }
}
