/// <reference lib="dom" />
import { h, s } from "./dom.ts";

/** What the first page can do. */
export interface WelcomeActions {
  readonly pick: () => void;
  readonly example: () => void;
  readonly url: (url: string) => void;
}

const KINDS = [
  "brine",
  "ndjson",
  "json",
  "msgpack",
  "pickle",
  "Prefect results",
  "Dask blobs",
  "npy · npz",
];
const CODECS =
  "gzip, zstd, xz, bzip2, lz4, snappy, deflate or lzma around them";

/** What is shown before there is anything to show. */
export function welcome({ pick, example, url }: WelcomeActions): HTMLElement {
  const field = h("input", {
    type: "url",
    name: "url",
    required: true,
    placeholder: "https://example.com/data.brine",
    "aria-label": "URL of a file",
    autocomplete: "off",
    spellcheck: "false",
  });
  return h(
    "main",
    { class: "welcome" },
    h(
      "div",
      { class: "drop" },
      art(),
      h(
        "h1",
        {},
        matchMedia("(pointer: coarse)").matches
          ? "Look into a file"
          : "Drop a file here",
      ),
      h(
        "p",
        { class: "lead" },
        "See its messages, types and sizes, what its values are, and what is broken. It is decoded in this tab: nothing is uploaded.",
      ),
      h(
        "div",
        { class: "buttons" },
        h(
          "button",
          { type: "button", class: "primary", onclick: pick },
          "Choose a file",
        ),
        h(
          "button",
          { type: "button", class: "secondary", onclick: example },
          "Try an example",
        ),
      ),
      h(
        "form",
        {
          class: "url",
          onsubmit: (event: Event) => {
            event.preventDefault();
            url(field.value);
          },
        },
        field,
        h("button", { class: "secondary" }, "Open URL"),
      ),
      h(
        "ul",
        { class: "kinds", "aria-label": "What it reads" },
        ...KINDS.map((kind) => h("li", {}, kind)),
      ),
      h("p", { class: "small" }, `With or without ${CODECS}.`),
    ),
  );
}

/** Messages on a wire: a header, and frames of different lengths. */
function art(): SVGElement {
  const rows = [[18, 60, 40], [18, 96], [18, 30, 52, 14], [18, 74, 26]];
  return s(
    "svg",
    { class: "art", viewBox: "0 0 168 92", "aria-hidden": "true" },
    ...rows.flatMap((widths, row) => {
      let x = 8 + (row % 2) * 6;
      return widths.map((width, i) => {
        const rect = s("rect", {
          x,
          y: 8 + row * 20,
          width,
          height: 14,
          rx: 4,
          class: i === 0 ? "art-header" : `art-frame f${(row + i) % 3}`,
        });
        x += width + 4;
        return rect;
      });
    }),
  );
}
