import { RemoteError } from "../../src/errors.ts";
import { type Deferred, deferred } from "./_transport.ts";
import type { Comm } from "./comm.ts";
import { CommClosedError } from "./errors.ts";

/** How many connections there may be. */
export interface PoolLimits {
  /** In all. */
  readonly maxConnections: number;
  /** To one address. */
  readonly maxPerAddress: number;
}

/** Whoever waits for a connection. */
interface Waiting {
  readonly address: string;
  readonly turn: Deferred<void>;
}

/** Connections that are used again and again, each by one at a time. Who comes when there are too many waits in line. */
export class ConnectionPool {
  readonly #connect: (address: string, signal?: AbortSignal) => Promise<Comm>;
  readonly #limits: PoolLimits;
  /** Connections that nobody uses, by address. */
  readonly #idle = new Map<string, Comm[]>();
  /** How many there are or are about to be, by address. */
  readonly #counts = new Map<string, number>();
  readonly #used = new Set<Comm>();
  #total = 0;
  #line: Waiting[] = [];
  #closed: CommClosedError | undefined;

  constructor(
    connect: (address: string, signal?: AbortSignal) => Promise<Comm>,
    limits: PoolLimits,
  ) {
    this.#connect = connect;
    this.#limits = limits;
  }

  /** How many connections there are. */
  get size(): number {
    return this.#total;
  }

  /** Runs something with a connection. If it fails, nobody knows what is still under way on it, and it is given up. */
  async use<T>(
    address: string,
    body: (comm: Comm) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const comm = await this.#take(address, signal);
    this.#used.add(comm);
    try {
      const result = await body(comm);
      this.#giveBack(address, comm);
      return result;
    } catch (error) {
      if (!(error instanceof RemoteError)) comm.abort(error);
      this.#giveBack(address, comm);
      throw error;
    }
  }

  /** Ends all connections, once whoever uses them is gone; nobody gets another. */
  async close(): Promise<void> {
    this.#closed ??= new CommClosedError("", "The client was closed");
    for (const { turn } of this.#line) turn.reject(this.#closed);
    this.#line = [];
    const idle = [...this.#idle.values()].flat();
    this.#idle.clear();
    for (const comm of this.#used) comm.abort(this.#closed);
    await Promise.all(idle.map((comm) => comm.close()));
  }

  async #take(address: string, signal?: AbortSignal): Promise<Comm> {
    signal?.throwIfAborted();
    for (;;) {
      if (this.#closed) throw this.#closed;
      const idle = this.#idleOf(address);
      if (idle) return idle;
      if (this.#hasRoom(address)) break;
      await this.#wait(address, signal);
    }
    this.#makeRoom();
    this.#count(address, 1);
    try {
      const comm = await this.#connect(address, signal);
      if (!this.#closed) return comm;
      comm.abort(this.#closed);
      throw this.#closed;
    } catch (error) {
      this.#count(address, -1);
      throw error;
    }
  }

  /** A connection that nobody uses, and that the other side has not ended in the meantime. */
  #idleOf(address: string): Comm | undefined {
    const idle = this.#idle.get(address) ?? [];
    for (let comm = idle.pop(); comm; comm = idle.pop()) {
      if (!comm.isClosed) return comm;
      this.#count(address, -1);
    }
    return undefined;
  }

  /** Whether there may be one more; a connection that nobody uses makes room for another address. */
  #hasRoom(address: string): boolean {
    const { maxConnections, maxPerAddress } = this.#limits;
    if ((this.#counts.get(address) ?? 0) >= maxPerAddress) return false;
    return this.#total < maxConnections ||
      [...this.#idle.values()].some((comms) => comms.length > 0);
  }

  #makeRoom(): void {
    if (this.#total < this.#limits.maxConnections) return;
    for (const [address, comms] of this.#idle) {
      const comm = comms.pop();
      if (!comm) continue;
      comm.abort();
      this.#counts.set(address, this.#counts.get(address)! - 1);
      this.#total--;
      return;
    }
  }

  async #wait(address: string, signal?: AbortSignal): Promise<void> {
    const waiting = { address, turn: deferred<void>() };
    this.#line.push(waiting);
    const abort = () => {
      this.#line = this.#line.filter((other) => other !== waiting);
      waiting.turn.reject(signal!.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      await waiting.turn.promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  #giveBack(address: string, comm: Comm): void {
    this.#used.delete(comm);
    if (this.#closed) comm.abort(this.#closed);
    if (comm.isClosed) return this.#count(address, -1);
    const idle = this.#idle.get(address);
    if (idle) idle.push(comm);
    else this.#idle.set(address, [comm]);
    this.#next();
  }

  #count(address: string, change: number): void {
    this.#total += change;
    const count = (this.#counts.get(address) ?? 0) + change;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
    if (change < 0) this.#next();
  }

  /** Whoever has waited longest of those who can go on. */
  #next(): void {
    const at = this.#line.findIndex(({ address }) =>
      this.#idle.get(address)?.length || this.#hasRoom(address)
    );
    if (at >= 0) this.#line.splice(at, 1)[0]!.turn.resolve();
  }
}
