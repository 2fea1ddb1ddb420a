import type { Batch } from "../../src/family.ts";
import type { Bytes, Message } from "../../src/types.ts";
import { partHeader, type PartKind } from "../../src/wire/parts.ts";
import { Fifo } from "./_fifo.ts";
import type { Outgoing, Source } from "./_mux.ts";
import type { Found, Host } from "./_sources.ts";

/** The longest frame that is made of bytes which can be cut anywhere. */
export const PIECE: number = 2 ** 15;

const NONE: readonly Source[] = [];

/** What a source has gathered. */
export interface Pile {
  readonly size: number;
  add(item: unknown): Found | undefined | Promise<Found>;
  take(found: Found | undefined): Outgoing;
}

/** Values, until they make a message. */
export class ValuePile implements Pile {
  readonly #id: number;
  readonly #host: Host;
  readonly #batch: Batch;

  constructor(id: number, host: Host) {
    this.#id = id;
    this.#host = host;
    this.#batch = host.batch();
  }

  get size(): number {
    return this.#batch.count && Math.max(1, this.#batch.size);
  }

  add(item: unknown): Found | undefined | Promise<Found> {
    return this.#host.add(this.#batch, item);
  }

  take(found: Found | undefined): Outgoing {
    return part(this.#id, "values", this.#batch.take(), found);
  }
}

/** Bytes, from which messages of about the length of a piece are made. */
export class BytePile implements Pile {
  readonly #id: number;
  readonly #frames = new Fifo<Bytes>();
  size = 0;

  constructor(id: number) {
    this.#id = id;
  }

  add(item: unknown): undefined {
    const chunk = item as Bytes;
    for (let at = 0; at < chunk.length; at += PIECE) {
      this.#frames.push(chunk.subarray(at, at + PIECE));
    }
    this.size += chunk.length;
  }

  take(): Outgoing {
    const frames: Bytes[] = [];
    let size = 0;
    while (size < Math.min(PIECE, this.size)) {
      const frame = this.#frames.shift()!;
      frames.push(frame);
      size += frame.length;
    }
    this.size -= size;
    return alone({ header: partHeader(this.#id, "bytes"), frames });
  }
}

/** A message of values that is a part of something. */
export function part(
  id: number,
  kind: PartKind,
  { header, frames }: Message,
  found: Found | undefined,
): Outgoing {
  const message = { header: { ...partHeader(id, kind), ...header }, frames };
  return { message, opens: found?.opens ?? NONE };
}

/** A message that names nothing. */
export function alone(message: Message): Outgoing {
  return { message, opens: NONE };
}
