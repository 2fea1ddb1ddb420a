/** Connections by web sockets, with a socket that does as the test says. */
import { describe, test } from "bun:test";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CommClosedError, connect, dumps } from "../../streams/dask/mod.ts";
import { FormatError, LimitError, TruncatedError } from "../../mod.ts";
import type { Bytes } from "../../src/types.ts";
import { HELLO, u64s } from "./_fake_peer.ts";

/** The other end: what it got, and what it sends. */
class Other {
  readonly got: Bytes[] = [];
  url = "";
  #listeners = new Map<string, (event: unknown) => void>();
  closed = 0;

  /** The class to connect with. */
  get webSocket() {
    // deno-lint-ignore no-this-alias
    const other = this;
    return class {
      binaryType = "blob";
      bufferedAmount = 0;
      constructor(url: string) {
        other.url = url;
      }
      send(data: Bytes) {
        other.got.push(data.slice());
      }
      close() {
        if (other.closed++ === 0) other.tell("close", { code: 1005 });
      }
      addEventListener(type: string, listener: (event: unknown) => void) {
        other.#listeners.set(type, listener);
      }
    };
  }

  tell(type: string, event: unknown = {}): void {
    this.#listeners.get(type)!(event);
  }

  send(...messages: readonly Uint8Array[]): void {
    for (const bytes of messages) {
      this.tell("message", { data: bytes.slice().buffer });
    }
  }

  message(value: unknown): void {
    const frames = dumps(value);
    this.send(u64s(frames.length), ...frames);
  }
}

async function opened(options = {}) {
  const other = new Other();
  const { webSocket } = other;
  const connecting = connect("ws://[::1]:80", { webSocket, ...options });
  other.tell("open");
  other.message(HELLO);
  return { other, comm: await connecting };
}

/** What comes of a request, when the other end does something. */
async function answered(
  act: (other: Other) => void,
  options = {},
): Promise<Error> {
  const { other, comm } = await opened(options);
  const request = comm.request("identity").catch((error) => error);
  await new Promise((done) => setTimeout(done, 1));
  act(other);
  const error = await request as Error;
  ok(comm.isClosed);
  return error;
}

describe("a web socket", () => {
  test("has a message for the number of frames, and one for each", async () => {
    const { other, comm } = await opened();
    equal(other.url, "ws://[::1]:80/");
    deepEqual(other.got, [u64s(1), ...dumps(HELLO)]);
    const request = comm.request("echo", { x: "ü" });
    await new Promise((done) => setTimeout(done, 1));
    deepEqual(
      other.got.slice(2),
      [u64s(1), ...dumps({ op: "echo", x: "ü", reply: true })],
    );
    other.message(["ü"]);
    deepEqual(await request, ["ü"]);
    await comm.close();
    equal(other.closed > 0, true);
    await rejects(comm.request("echo"), /was closed here/);
  });

  test("takes nothing that was not agreed", async () => {
    const text = await answered((other) => other.tell("message", { data: "" }));
    ok(text instanceof FormatError);
    const short = await answered((other) => other.send(new Uint8Array(7)));
    ok(short instanceof FormatError);
    const many = await answered((other) => other.send(u64s(2 ** 53)));
    ok(many instanceof LimitError);
    const long = await answered((other) => {
      other.send(u64s(3), new Uint8Array(60), new Uint8Array(41));
      other.send(new Uint8Array(1));
    }, { maxMessageBytes: 100 });
    ok(long instanceof LimitError);
    match(long.message, /bytes of 101 in dask: the limit is 100/);
    const { other, comm } = await opened();
    const empty = comm.request("identity");
    other.send(u64s(0));
    await rejects(empty, FormatError);
    // It was a message, if none that says anything.
    ok(!comm.isClosed);
  });

  test("tells a message that is cut from a connection that ends", async () => {
    const cut = await answered((other) => {
      other.send(u64s(2), new Uint8Array(1));
      other.tell("close", { code: 1006 });
    });
    ok(cut instanceof TruncatedError);
    const closed = await answered((other) => {
      other.tell("close", { code: 1001, reason: "going away" });
    });
    ok(closed instanceof CommClosedError);
    match(closed.message, /^Lost the connection to ws:.*: going away$/);
    const other = new Other();
    const { webSocket } = other;
    const refused = connect("wss://host", { webSocket });
    other.tell("error", { message: "403" });
    await rejects(refused, /^CommClosedError: Cannot connect to wss:.*: 403$/);
  });

  test("is given up when nothing comes", async () => {
    const silent = await answered(() => {}, { timeout: 20 });
    match(silent.message, /nothing came or went for 20 ms/);
    const { webSocket } = new Other();
    const timeout = 20;
    await rejects(
      connect("ws://host", { webSocket, timeout }),
      CommClosedError,
    );
  });
});
