/// <reference lib="dom" />
import type { Converted, Told } from "../protocol.ts";
import type { Client } from "./client.ts";
import { fill, h } from "./dom.ts";
import { plural, size } from "./text.ts";

const FORMATS = [
  ["brine", "Brine: all types, checksums, an index"],
  ["lines", "Brine as lines of text"],
  ["ndjson", "NDJSON: a line of JSON for each value"],
  ["json-array", "JSON: one array of all values"],
  ["json", "JSON: one value"],
  ["json-seq", "JSON text sequence"],
  ["msgpack", "msgpack, one value after another"],
] as const;
const CODECS = ["none", "gzip", "xz", "bzip2", "lz4", "deflate"];

/** Writes what is open in another format, and hands it out. */
export class ConvertDialog {
  readonly element: HTMLDialogElement;
  readonly #client: Client;
  readonly #result = h("div", { class: "result", role: "status" });
  readonly #progress = h("progress", { max: 1, "aria-label": "Converting" });
  readonly #start = h("button", { class: "primary" }, "Convert");
  #busy = false;
  #url = "";

  constructor(client: Client) {
    this.#client = client;
    const form = h(
      "form",
      {
        method: "dialog",
        onsubmit: (event: SubmitEvent) => this.#submit(event),
      },
      h("h2", { id: "convert-title" }, "Convert and download"),
      h(
        "label",
        {},
        "Format",
        h(
          "select",
          { name: "format" },
          ...FORMATS.map(([name, label]) =>
            h("option", { value: name }, label)
          ),
        ),
      ),
      h(
        "label",
        {},
        "Compression",
        h(
          "select",
          { name: "codec" },
          ...CODECS.map((name) => h("option", { value: name }, name)),
        ),
      ),
      h(
        "label",
        { class: "check" },
        h("input", { type: "checkbox", name: "lossy" }),
        "Let JSON lose what it cannot hold",
      ),
      this.#progress,
      this.#result,
      h(
        "div",
        { class: "buttons" },
        h("button", {
          type: "button",
          class: "quiet",
          onclick: () => this.close(),
        }, "Close"),
        this.#start,
      ),
    );
    this.element = h("dialog", {
      "aria-labelledby": "convert-title",
      onclose: () => this.#stop(),
    }, form);
    this.#progress.hidden = true;
  }

  /** Asks what to convert to; what is Brine already is most likely wanted as something else. */
  open(format: string): void {
    const select = this.element.querySelector<HTMLSelectElement>(
      "[name=format]",
    )!;
    select.value = format === "brine" ? "ndjson" : "brine";
    fill(this.#result);
    this.element.showModal();
  }

  close(): void {
    this.element.close();
  }

  /** Shows how far it is. */
  progress(
    { done, total, bytes }: Extract<Told, { told: "converting" }>,
  ): void {
    if (!this.#busy) return;
    this.#progress.value = total ? done / total : 0;
    fill(this.#result, `${size(bytes)} written`);
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.#busy) return this.#stop();
    const data = new FormData(event.target as HTMLFormElement);
    const codec = String(data.get("codec"));
    this.#setBusy(true);
    try {
      const converted = await this.#client.ask("convert", {
        format: String(data.get("format")),
        codec: codec === "none" ? null : codec,
        lossy: data.get("lossy") === "on",
      });
      this.#show(converted);
    } catch (error) {
      fill(this.#result, h("p", { class: "alert" }, String(error)));
    }
    this.#setBusy(false);
  }

  #show({ blob, name, values, damages, error }: Converted): void {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    const link = h(
      "a",
      { href: this.#url, download: name, class: "button" },
      `Save ${name}`,
    );
    const isKept = error === undefined || blob.size > 0;
    fill(
      this.#result,
      error === undefined
        ? h("p", {}, `${plural(values, "value")} in ${size(blob.size)}`)
        : h("p", { class: "alert" }, error),
      error !== undefined && /plain JSON|JSON text/.test(error) &&
        h(
          "p",
          {},
          "Choose Brine, which holds every type, or let JSON lose some.",
        ),
      error !== undefined && isKept &&
        h(
          "p",
          {},
          `Only what came before that was written: ${size(blob.size)}`,
        ),
      damages > 0 &&
        h(
          "p",
          { class: "alert" },
          `The input is damaged in ${
            plural(damages, "place")
          }: what cannot be read is left out`,
        ),
      isKept && link,
    );
    if (error === undefined && damages === 0) link.click();
  }

  #setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#progress.hidden = !busy;
    this.#progress.value = 0;
    this.#start.textContent = busy ? "Stop" : "Convert";
  }

  #stop(): void {
    if (this.#busy) this.#client.ask("stopConversion");
  }
}
