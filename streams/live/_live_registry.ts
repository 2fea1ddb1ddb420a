import type { Family } from "../../src/family.ts";
import { type LiveKind, liveKindOf } from "../../src/live_kind.ts";
import { Registry } from "../../src/registry.ts";
import type { Parts, Serialization } from "../../src/serialization.ts";
import type { Message } from "../../src/types.ts";

/** What the reading and the writing of live values have in common: all else is as in the caller's registry. */
class Derived extends Registry {
  protected readonly base: Registry;

  constructor(base: Registry) {
    super();
    this.base = base;
  }

  override find(value: unknown): Serialization | undefined {
    return this.base.find(value);
  }

  override get(type: string): Serialization | undefined {
    return this.base.get(type);
  }

  override types(): Iterable<string> {
    return this.base.types();
  }

  override family(name: string): Family {
    return this.base.family(name);
  }

  override load(message: Message): Promise<void> | undefined {
    return this.base.load(message);
  }
}

/** What a registry that writes live values asks of whoever keeps account of them. */
export interface Account {
  /** Another walk over the value begins. */
  begin(): void;
  /** The header for a live value. */
  open(value: object, kind: LiveKind): unknown;
  /** What a value was taken apart into, as soon as that is known. */
  wait(value: object, serialization: Serialization): Parts;
}

/** A registry that takes live values apart as well. */
export class LiveWriter extends Derived {
  readonly #account: Account;
  readonly #live = new Map<LiveKind, Serialization>();
  readonly #waiting = new Map<Serialization, Serialization>();

  constructor(base: Registry, account: Account) {
    super(base);
    this.#account = account;
  }

  override beginWalk(): void {
    this.#account.begin();
  }

  override find(value: unknown): Serialization | undefined {
    const found = this.base.find(value);
    if (found?.serializeAsync) return this.#later(found);
    const isIterable = found?.type === "Object" &&
      Symbol.asyncIterator in (value as object);
    if (found && !isIterable) return found;
    const kind = liveKindOf(value);
    return kind ? this.#of(kind) : found;
  }

  #of(kind: LiveKind): Serialization {
    let live = this.#live.get(kind);
    if (!live) {
      live = {
        type: kind,
        class: Object,
        serialize: (value) => ({
          header: this.#account.open(value as object, kind),
        }),
        deserialize: unreadable,
      };
      this.#live.set(kind, live);
    }
    return live;
  }

  #later(serialization: Serialization): Serialization {
    let later = this.#waiting.get(serialization);
    if (!later) {
      later = {
        ...serialization,
        serialize: (value) =>
          this.#account.wait(value as object, serialization),
      };
      this.#waiting.set(serialization, later);
    }
    return later;
  }
}

/** A registry that puts live values together as well. */
export class LiveReader extends Derived {
  readonly #live = new Map<string, Serialization>();

  /**
   * @param base The caller's.
   * @param make Makes a live value of its header.
   */
  constructor(
    base: Registry,
    make: (kind: LiveKind, header: unknown) => unknown,
  ) {
    super(base);
    for (const type of KINDS) {
      this.#live.set(type, {
        type,
        class: Object,
        serialize: unreadable,
        deserialize: ({ header }) => make(type, header),
      });
    }
  }

  override get(type: string): Serialization | undefined {
    return this.base.get(type) ?? this.#live.get(type);
  }

  override types(): Iterable<string> {
    return [...this.base.types(), ...this.#live.keys()];
  }
}

const KINDS: readonly LiveKind[] = [
  "Promise",
  "AsyncIterable",
  "ReadableStream",
  "Blob",
  "File",
];

function unreadable(): never {
  throw new TypeError("it goes the other way");
}
