/** A scheduler or worker that does what a test wants, good or bad. */
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { dumps, loads, packFrames } from "../../src/dask/mod.ts";
import { Assembler } from "../../streams/dask/_assembler.ts";
import { Inbox } from "../../streams/dask/_inbox.ts";
import type { Bytes } from "../../src/types.ts";

export const HELLO = { compression: null, "pickle-protocol": 5 };

/** A message as it goes over TCP, with any number in front. */
export function wire(message: unknown, hint?: bigint): Bytes {
  const packed = packFrames(dumps(message));
  const bytes = new Uint8Array(8 + packed.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, hint ?? BigInt(packed.length), true);
  bytes.set(packed, 8);
  return bytes;
}

/** Numbers as they stand in front of a message. */
export function u64s(...numbers: readonly (number | bigint)[]): Bytes {
  return new Uint8Array(new BigUint64Array(numbers.map(BigInt)).buffer);
}

/** One connection, from the other end. */
export class FakeComm {
  readonly #inbox = new Inbox<Bytes[]>();

  constructor(readonly socket: Socket) {
    const limits = { maxBytes: 2 ** 30, maxFrames: 2 ** 20 };
    const assembler = new Assembler(
      limits,
      (frames) => this.#inbox.push(frames),
    );
    socket.on("data", (chunk: Uint8Array) => assembler.push(chunk));
    socket.on("close", () => this.#inbox.fail(new Error("closed")));
    socket.on("error", () => {});
  }

  async read(): Promise<unknown> {
    return loads(await this.#inbox.take(), { deserialize: false });
  }

  write(message: unknown): void {
    this.raw(wire(message));
  }

  raw(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Shakes hands as Dask does. */
  async hello(): Promise<void> {
    this.write(HELLO);
    await this.read();
  }
}

/** What listens. */
export interface FakePeer {
  readonly address: string;
  /** Connections that are open, and as many as there were at a time. */
  readonly open: Set<Socket>;
  most: number;
  close(): Promise<void>;
}

/** Listens on a port that is free. */
export async function fakePeer(
  handle: (comm: FakeComm) => Promise<void>,
): Promise<FakePeer> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    peer.most = Math.max(peer.most, open.size);
    socket.on("close", () => open.delete(socket));
    // Who hangs up has had enough.
    handle(new FakeComm(socket)).catch(() => {});
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const peer: FakePeer = {
    address: `tcp://127.0.0.1:${port}`,
    open,
    most: 0,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return peer;
}

/** Runs something with a peer that shakes hands first. */
export async function withPeer(
  handle: (comm: FakeComm) => Promise<void>,
  body: (address: string, peer: FakePeer) => Promise<void>,
): Promise<void> {
  const peer = await fakePeer(async (comm) => {
    await comm.hello();
    await handle(comm);
  });
  try {
    await body(peer.address, peer);
  } finally {
    await peer.close();
  }
}
