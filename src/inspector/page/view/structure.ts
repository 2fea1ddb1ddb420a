/// <reference lib="dom" />
import type { Detail, Part } from "../protocol.ts";
import type { Client } from "./client.ts";
import { h } from "./dom.ts";
import { partColour } from "./hex.ts";
import { count, ratio, size } from "./text.ts";
import { Tree } from "./tree.ts";

/** Parts that are drawn. */
const MAX_DRAWN = 400;

/** How a message is built: its pieces drawn to scale, in a list, and its header. */
export function structureView(
  client: Client,
  { parts, header }: Detail,
  open: (part: Part) => void,
): HTMLElement {
  const tree = new Tree(client, "Header");
  if (header) tree.show([header]);
  return h(
    "div",
    { class: "structure" },
    drawing(parts),
    h(
      "table",
      { class: "parts" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...["Piece", "Offset", "Stored", "Codec", "Plain", "Ratio"].map((
            title,
          ) => h("th", { scope: "col" }, title)),
        ),
      ),
      h(
        "tbody",
        {},
        ...parts.slice(0, MAX_DRAWN).map((part, i) =>
          line(part, partColour(i, parts), open)
        ),
      ),
    ),
    parts.length > MAX_DRAWN &&
      h(
        "p",
        { class: "empty" },
        `and ${count(parts.length - MAX_DRAWN)} more frames`,
      ),
    header && h("h3", {}, "Header"),
    header && tree.element,
  );
}

function line(
  part: Part,
  colour: string,
  open: (part: Part) => void,
): HTMLElement {
  const { label, offset, byteLength, codec, plainBytes } = part;
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h(
        "button",
        { type: "button", class: "link", onclick: () => open(part) },
        h("span", { class: `dot part-${colour}`, "aria-hidden": "true" }),
        label,
      ),
    ),
    h("td", {}, count(offset)),
    h("td", {}, size(byteLength)),
    h("td", {}, codec ?? ""),
    h("td", {}, plainBytes === null ? "?" : size(plainBytes)),
    h("td", {}, codec === null ? "" : ratio(plainBytes, byteLength)),
  );
}

/** To scale, but nothing is so small that it cannot be seen. */
function drawing(parts: readonly Part[]): HTMLElement {
  const drawn = parts.slice(0, MAX_DRAWN);
  const total = drawn.reduce((sum, { byteLength }) => sum + byteLength, 0) || 1;
  const pieces = drawn.map(({ label, byteLength }, i) =>
    h("span", {
      class: `part-${partColour(i, parts)}`,
      title: `${label}: ${size(byteLength)}`,
      "--share": (byteLength / total * 1000).toFixed(2),
    }, byteLength / total > 0.12 && label)
  );
  const told = drawn.slice(0, 6)
    .map(({ label, byteLength }) => `${label} ${size(byteLength)}`).join(", ");
  const label = `${count(parts.length)} pieces: ${told}`;
  return h(
    "div",
    { class: "pieces", role: "img", "aria-label": label },
    ...pieces,
  );
}
