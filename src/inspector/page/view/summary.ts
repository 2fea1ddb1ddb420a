/// <reference lib="dom" />
import type { Damage, Summary } from "../protocol.ts";
import { fill, h } from "./dom.ts";
import { count, duration, plural, ratio, size } from "./text.ts";

/** The figures of the whole, how far it is, and what is wrong. */
export class SummaryView {
  readonly element: HTMLElement;
  readonly #stats = h("dl", { class: "stats" });
  readonly #progress = h("progress", { max: 1, "aria-label": "Reading" });
  readonly #status = h("p", { class: "status", role: "status" });
  readonly #bar: HTMLElement;
  readonly #damages = h("div", { class: "damages" });
  readonly #select: (row: number) => void;
  readonly #next: () => void;
  #shown = -1;

  constructor(
    select: (row: number) => void,
    next: () => void,
    cancel: () => void,
  ) {
    this.#select = select;
    this.#next = next;
    this.#bar = h(
      "div",
      { class: "progress-bar" },
      this.#progress,
      h(
        "button",
        { type: "button", class: "quiet", onclick: cancel },
        "Cancel",
      ),
    );
    this.element = h(
      "section",
      { class: "card summary", "aria-label": "Summary" },
      this.#stats,
      this.#bar,
      this.#status,
      this.#damages,
    );
  }

  /** Forgets all: something else is open. */
  reset(): void {
    this.#shown = -1;
    this.#status.textContent = "";
    fill(this.#damages);
  }

  /** Shows what is there by now. */
  update(summary: Summary): void {
    const { state, readBytes, inputBytes } = summary;
    fill(this.#stats, ...statsOf(summary));
    this.#bar.hidden = state !== "reading";
    if (inputBytes) this.#progress.value = readBytes / inputBytes;
    else this.#progress.removeAttribute("value");
    const text = statusOf(summary);
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#status.className = `status ${
      summary.damageCount > 0 ? "bad" : state === "done" ? "good" : ""
    }`;
    if (this.#shown === summary.damageCount) return;
    this.#shown = summary.damageCount;
    fill(this.#damages, ...this.#damageList(summary));
  }

  #damageList(
    { damages, damageCount, rows }: Summary,
  ): (HTMLElement | false)[] {
    if (damageCount === 0) return [];
    const item = (damage: Damage) => {
      const { row, offset, text } = damage;
      const place = offset === undefined ? "" : `byte ${count(offset)}`;
      const isRow = row !== undefined && row < rows + 1;
      const where = isRow ? `${place}, row ${count(row)}` : place;
      const label = h("span", { class: "place" }, where);
      return h(
        "li",
        {},
        isRow
          ? h("button", {
            type: "button",
            class: "link",
            onclick: () => this.#select(row),
          }, label)
          : label,
        h("span", {}, text),
      );
    };
    const more = damageCount - Math.min(damages.length, 5);
    return [
      h("ul", {}, ...damages.slice(0, 5).map(item)),
      more > 0 && h("p", {}, `and ${plural(more, "more place")}`),
      damageCount > 1 &&
      h(
        "button",
        { type: "button", class: "quiet", onclick: this.#next },
        "Next damage (D)",
      ),
    ];
  }
}

function statsOf(summary: Summary): HTMLElement[] {
  const {
    format,
    codecs,
    description,
    messages,
    values,
    storedBytes,
    plainBytes,
    inputBytes,
    unit,
    seconds,
  } = summary;
  const stat = (label: string, value: string, about = "") =>
    h(
      "div",
      { class: "stat" },
      h("dt", {}, label),
      h("dd", {}, value, about !== "" && h("small", {}, about)),
    );
  // What stands beside a figure has to be short.
  const about = description.length > 36 ? "" : description;
  const around = codecs.length > 0 ? `in ${codecs.join(" in ")}` : about;
  const hasRatio = plainBytes !== null && plainBytes > storedBytes * 1.1;
  return [
    stat("Format", format || "…", around),
    stat(
      "Size",
      size(inputBytes ?? storedBytes),
      codecs.length > 0
        ? `${size(storedBytes)} inside`
        : `${count(storedBytes)} bytes`,
    ),
    ...unit === "value"
      ? []
      : [stat(`${unit[0]!.toUpperCase()}${unit.slice(1)}s`, count(messages))],
    stat("Values", count(values)),
    ...hasRatio || plainBytes === null
      ? [
        stat(
          "Plain",
          plainBytes === null ? "?" : size(plainBytes),
          hasRatio ? `${ratio(plainBytes, storedBytes)} as stored` : "",
        ),
      ]
      : [],
    stat(
      "Read in",
      duration(seconds),
      seconds > 0.2 ? `${size(storedBytes / seconds)}/s` : "",
    ),
  ];
}

function statusOf(
  { state, damageCount, readBytes, inputBytes, notes, unit, format }: Summary,
): string {
  const rest = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  if (state === "reading") {
    return inputBytes
      ? `Reading: ${size(readBytes)} of ${size(inputBytes)}`
      : `Reading: ${size(readBytes)}`;
  }
  if (state === "cancelled") return `Cancelled after ${size(readBytes)}${rest}`;
  if (state === "failed") return `It cannot be read${rest}`;
  if (damageCount > 0) {
    return `Damaged in ${plural(damageCount, "place")}${rest}`;
  }
  const isChecked = format === "brine" || format === "lines";
  return `${
    isChecked
      ? `Whole: every ${unit} has the right checksum, and the end is there`
      : "Whole: all of it can be read"
  }${rest}`;
}
