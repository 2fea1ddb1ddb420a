/// <reference lib="dom" />
import type { Answer, Asked, Calls, Told } from "../protocol.ts";

/** Asks the worker, which does all the work. */
export class Client {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 0;

  constructor(url: string, listen: (told: Told) => void) {
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<Answer | Told>) => {
      if ("told" in data) return listen(data);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.result);
    };
  }

  /** Asks something, and waits for the answer. */
  ask<Call extends keyof Calls>(
    call: Call,
    ...args: Parameters<Calls[Call]>
  ): Promise<ReturnType<Calls[Call]>> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, call, args } satisfies Asked);
    return waiting.promise as Promise<ReturnType<Calls[Call]>>;
  }
}
