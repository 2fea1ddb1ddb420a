/// <reference lib="dom" />
import type {
  Answer,
  Asked,
  Calls,
  Conversion,
  Opening,
  Told,
} from "../protocol.ts";
import { convert } from "./convert.ts";
import { OpenDocument } from "./document.ts";

/** What of a worker's own world is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(message: Answer | Told, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
let open = new OpenDocument(
  { number: 0, source: "", name: "", as: "auto" },
  () => {},
);
let conversion = new AbortController();

/** What can be asked. */
type Answers = {
  [Call in keyof Calls]: (
    ...args: Parameters<Calls[Call]>
  ) => ReturnType<Calls[Call]> | Promise<ReturnType<Calls[Call]>>;
};

const answers: Answers = {
  open(opening: Opening) {
    open.close();
    conversion.abort();
    const opened = new OpenDocument(opening, (summary) => {
      if (open === opened) scope.postMessage({ told: "summary", summary });
    });
    open = opened;
    opened.read = opened.open(opening);
  },
  example: async () => (await import("./example.ts")).example(),
  cancel: () => open.cancel(),
  rows(from, to) {
    const { rows } = open;
    const end = Math.min(to, rows.length);
    return Array.from(
      { length: Math.max(0, end - from) },
      (_, i) => rows.at(from + i),
    );
  },
  layout: (width) => open.rows.layout(width, open.summary().bytes),
  nextDamage: (after) => open.rows.nextDamage(after),
  detail: (index) => open.detail(index),
  children: (id, from, to) => open.nodes.children(id, from, to),
  table: (id, from, to) => open.nodes.table(id, from, to),
  plots: (id) => open.nodes.plots(id),
  bytes: (from, to) => open.bytes.read(from, to),
  async convert(wanted: Conversion) {
    conversion.abort();
    const { signal } = conversion = new AbortController();
    const source = open;
    // Not before all of it is there: less would look like all.
    await source.read;
    signal.throwIfAborted();
    const converted = await convert(
      source,
      wanted,
      signal,
      (done, total, bytes) =>
        scope.postMessage({ told: "converting", done, total, bytes }),
    );
    const { state, damageCount } = source.summary();
    const error = state === "done"
      ? undefined
      : "Not all of the input was read";
    return {
      ...converted,
      error: converted.error ?? error,
      damages: damageCount,
    };
  },
  stopConversion: () =>
    conversion.abort(new DOMException("it was cancelled", "AbortError")),
};

scope.onmessage = async ({ data: { id, call, args } }) => {
  try {
    const answer = answers[call] as (...args: readonly unknown[]) => unknown;
    scope.postMessage({ id, result: await answer(...args) });
  } catch (error) {
    scope.postMessage({
      id,
      error: error instanceof Error ? error.message : String(error),
    });
  }
};
