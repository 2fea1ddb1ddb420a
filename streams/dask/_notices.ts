import { LimitError } from "../../src/errors.ts";
import type { Cluster } from "./_cluster.ts";
import type { KeyNotice, StreamEvents } from "./_scheduler_stream.ts";
import { type Deferred, deferred } from "./_transport.ts";
import { CommClosedError } from "./errors.ts";

/** Notices that a reader may be behind. */
const MAX_BEHIND = 100_000;

/** What the scheduler tells, to whoever waits for keys and whoever reads along. */
export class Notices implements StreamEvents {
  readonly #cluster: Cluster;
  readonly #address: string;
  readonly #readers = new Set<ReadableStreamDefaultController<KeyNotice>>();
  readonly #closed: Deferred<void> = deferred();
  #end: { readonly reason: Error | undefined } | undefined;

  constructor(cluster: Cluster, address: string) {
    this.#cluster = cluster;
    this.#address = address;
  }

  /** Settles when nothing more is told. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** All that is told from now on. Nobody can hold the scheduler back, so who is far behind is given up. */
  stream(): ReadableStream<KeyNotice> {
    let own: ReadableStreamDefaultController<KeyNotice>;
    return new ReadableStream<KeyNotice>({
      start: (controller) => {
        own = controller;
        if (this.#end) finish(controller, this.#end.reason);
        else this.#readers.add(controller);
      },
      cancel: () => void this.#readers.delete(own),
    });
  }

  notice(notice: KeyNotice): void {
    this.#cluster.wanted.take(notice);
    for (const reader of this.#readers) {
      const behind = 1 - (reader.desiredSize ?? 1);
      if (behind < MAX_BEHIND) reader.enqueue(notice);
      else {
        this.#readers.delete(reader);
        const error = new LimitError("dask", "notices", behind, MAX_BEHIND - 1);
        reader.error(error);
      }
    }
  }

  end(reason: Error | undefined): void {
    this.#end = { reason };
    const closed = new CommClosedError(
      this.#address,
      `The client of ${this.#address} is closed`,
    );
    this.#cluster.wanted.fail(reason ?? closed);
    for (const reader of this.#readers) finish(reader, reason);
    this.#readers.clear();
    this.#closed.resolve();
  }
}

function finish(
  reader: ReadableStreamDefaultController<KeyNotice>,
  reason: Error | undefined,
): void {
  if (reason) reader.error(reason);
  else reader.close();
}
