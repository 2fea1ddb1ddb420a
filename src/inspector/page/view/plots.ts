/// <reference lib="dom" />
import type { Node as Item, Plot } from "../protocol.ts";
import type { Client } from "./client.ts";
import { h, s } from "./dom.ts";
import { amount, count } from "./text.ts";

const WIDTH = 240;
const HEIGHT = 72;

/** The numbers of a value, each column drawn small. */
export async function plotsView(
  client: Client,
  { id }: Item,
): Promise<HTMLElement> {
  const plots = await client.ask("plots", id);
  if (plots.length === 0) {
    return h("p", { class: "empty" }, "There are no columns of numbers in it.");
  }
  return h("div", {
    class: "plots",
    tabindex: 0,
    role: "group",
    "aria-label": "Plots",
  }, ...plots.map(card));
}

function card(plot: Plot): HTMLElement {
  const { name, type, min, max, mean, missing } = plot;
  const about = `from ${amount(min, type)} to ${amount(max, type)}`;
  const stat = (label: string, value: string) =>
    h("div", {}, h("dt", {}, label), h("dd", {}, value));
  return h(
    "figure",
    { class: "card plot" },
    h(
      "figcaption",
      {},
      h("b", {}, name),
      h(
        "small",
        {},
        count(plot.count),
        missing > 0 && ` · ${count(missing)} missing`,
      ),
    ),
    h(
      "div",
      { class: "drawing" },
      line(plot, `${name}: ${plot.count} values ${about}`),
      histogram(plot),
    ),
    type === "time"
      ? h(
        "dl",
        { class: "times" },
        stat("from", amount(min, type)),
        stat("to", amount(max, type)),
      )
      : h(
        "dl",
        {},
        stat("min", amount(min)),
        stat("mean", amount(mean)),
        stat("max", amount(max)),
      ),
  );
}

/** The least and the greatest of each part, as a band that is a line where they are the same. */
function line({ low, high, min, max }: Plot, label: string): SVGElement {
  const span = (max - min) || 1;
  const y = (value: number) =>
    (HEIGHT - 4 - (value - min) / span * (HEIGHT - 8)).toFixed(1);
  const step = WIDTH / Math.max(1, low.length - 1);
  const bands: string[] = [];
  let from = 0;
  for (let i = 0; i <= low.length; i++) {
    if (i < low.length && !Number.isNaN(low[i]!)) continue;
    if (i > from) bands.push(band(from, i));
    from = i + 1;
  }
  function band(from: number, to: number): string {
    const places = Array.from({ length: to - from }, (_, k) => from + k);
    const above = places.map((i) => `${(i * step).toFixed(1)},${y(high[i]!)}`);
    const below = places.reverse().map((i) =>
      `${(i * step).toFixed(1)},${y(low[i]!)}`
    );
    return `M${above.join("L")}L${below.join("L")}Z`;
  }
  return s(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      class: "line",
      role: "img",
      "aria-label": label,
    },
    s("path", { d: bands.join(""), "vector-effect": "non-scaling-stroke" }),
  );
}

function histogram({ histogram }: Plot): SVGElement {
  const most = Math.max(...histogram, 1);
  const step = HEIGHT / histogram.length;
  return s(
    "svg",
    {
      viewBox: `0 0 40 ${HEIGHT}`,
      preserveAspectRatio: "none",
      class: "histogram",
      "aria-hidden": "true",
    },
    ...histogram.map((bar, i) =>
      s("rect", {
        x: 0,
        y: (HEIGHT - (i + 1) * step + 0.5).toFixed(2),
        width: (40 * bar / most).toFixed(2),
        height: (step - 1).toFixed(2),
      })
    ),
  );
}
