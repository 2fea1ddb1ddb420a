/// <reference lib="dom" />
import { h } from "./dom.ts";

/** What a list is made of. */
export interface VirtualOptions {
  readonly rowHeight: number;
  /** Fills a row in; it is called again whenever there is something new. */
  readonly render: (index: number, element: HTMLElement) => void;
  /** Is told which rows can be seen. */
  readonly onRange?: (first: number, last: number) => void;
  /** The role of what the rows are in. */
  readonly role?: string;
  /** Stays above the rows. */
  readonly head?: HTMLElement;
}

/** Browsers make nothing taller than some tens of millions of pixels: beyond this, scrolling goes in larger steps. */
const TALLEST = 12_000_000;

/** A list of any length, of which only what can be seen is there. */
export class VirtualList {
  readonly element: HTMLElement;
  readonly #inner: HTMLElement;
  readonly #options: VirtualOptions;
  readonly #rows = new Map<number, HTMLElement>();
  #count = 0;
  #first = 0;

  constructor(options: VirtualOptions) {
    this.#options = options;
    const { role, head } = options;
    this.#inner = h("div", { class: "virtual-inner", role });
    this.element = h(
      "div",
      { class: "virtual", onscroll: () => this.#layout(false) },
      head,
      this.#inner,
    );
    new ResizeObserver(() => this.#layout(false)).observe(this.element);
  }

  /** Where rows may be wider than the list, so that it scrolls sideways. */
  get inner(): HTMLElement {
    return this.#inner;
  }

  get count(): number {
    return this.#count;
  }

  /** How many rows can be seen at once. */
  get page(): number {
    return Math.max(1, Math.floor(this.#visible / this.#options.rowHeight));
  }

  /** How high what the head leaves is. */
  get #visible(): number {
    return this.element.clientHeight - (this.#options.head?.offsetHeight ?? 0);
  }

  /** Sets how many rows there are; those that can be seen are filled in again. */
  setCount(count: number): void {
    this.#count = count;
    const height = Math.min(TALLEST, count * this.#options.rowHeight);
    this.#inner.style.height = `${height}px`;
    this.#layout(true);
  }

  /** Fills in again what can be seen. */
  refresh(): void {
    this.#layout(true);
  }

  /** Scrolls as little as is needed to see a row. */
  reveal(index: number): void {
    const { element } = this;
    const { rowHeight } = this.#options;
    const total = this.#count * rowHeight;
    const visible = this.#visible;
    if (total > TALLEST) {
      if (index < this.#first + 1 || index >= this.#first + this.page - 1) {
        const share = Math.max(0, index - this.page / 2) /
          Math.max(1, this.#count - this.page);
        element.scrollTop = share * (TALLEST - visible);
      }
    } else {
      const top = index * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + rowHeight > element.scrollTop + visible) {
        element.scrollTop = top + rowHeight - visible;
      }
    }
    this.#layout(false);
  }

  #layout(again: boolean): void {
    const { scrollTop } = this.element;
    const visible = this.#visible;
    const { rowHeight, render, onRange } = this.#options;
    const isScaled = this.#count * rowHeight > TALLEST;
    const exact = isScaled
      ? scrollTop / Math.max(1, TALLEST - visible) *
        Math.max(0, this.#count - visible / rowHeight)
      : scrollTop / rowHeight;
    const first = Math.max(0, Math.floor(exact) - 4);
    const last = Math.min(
      this.#count,
      Math.ceil(exact + visible / rowHeight) + 4,
    );
    this.#first = Math.floor(exact);
    for (const [index, row] of this.#rows) {
      if (index >= first && index < last) continue;
      row.remove();
      this.#rows.delete(index);
    }
    for (let index = first; index < last; index++) {
      let row = this.#rows.get(index);
      const isNew = row === undefined;
      if (!row) {
        row = h("div", { class: "virtual-row" });
        this.#rows.set(index, row);
        // In order, for those who do not see where it is.
        const next = this.#rows.get(index + 1);
        this.#inner.insertBefore(row, next ?? null);
      }
      const top = isScaled
        ? scrollTop + (index - exact) * rowHeight
        : index * rowHeight;
      row.style.transform = `translateY(${top}px)`;
      if (isNew || again) render(index, row);
    }
    onRange?.(first, last);
  }
}
