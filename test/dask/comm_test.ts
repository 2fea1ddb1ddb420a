/** Connections, with peers that do what Dask does not. */
import { describe, test } from "bun:test";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import {
  type Comm,
  CommClosedError,
  connect,
  type ConnectOptions,
  toSerialize,
} from "../../streams/dask/mod.ts";
import {
  FormatError,
  LimitError,
  RemoteError,
  SerializeError,
  TruncatedError,
} from "../../mod.ts";
import { Assembler } from "../../streams/dask/_assembler.ts";
import { parseAddress } from "../../streams/dask/address.ts";
import type { NdArray } from "../../src/pickle/mod.ts";
import type { Bytes } from "../../src/types.ts";
import {
  type FakeComm,
  fakePeer,
  HELLO,
  u64s,
  wire,
  withPeer,
} from "./_fake_peer.ts";

type Kind = abstract new (...args: never[]) => Error;

/** What comes of a request that is answered with bytes, after which the connection ends, unless it is to stay. */
async function answered(
  bytes: Uint8Array,
  { stays = false, ...options }: ConnectOptions & { stays?: boolean } = {},
): Promise<unknown> {
  let result: unknown;
  await withPeer(async (comm) => {
    await comm.read();
    comm.raw(bytes);
    if (!stays) comm.socket.end();
  }, async (address) => {
    const comm = await connect(address, options);
    result = await comm.request("identity").catch((error) => error);
    comm.abort();
  });
  return result;
}

function is(error: unknown, kind: Kind, text: RegExp): void {
  ok(error instanceof kind, `${error}`);
  match(error.message, text);
}

describe("a connection", () => {
  test("reads messages whatever their first number says, and however they come", async () => {
    const data = new Float64Array([1, 2, 3]);
    const message = { a: [1, "x"], data: toSerialize(data) };
    for (const hint of [0n, 17n, 2n ** 64n - 1n]) {
      const reply = await answered(wire(message, hint)) as { a: unknown };
      deepEqual(reply.a, [1, "x"]);
    }
    await withPeer(async (comm) => {
      await comm.read();
      for (const byte of wire("slow")) {
        comm.raw(Uint8Array.of(byte));
        await new Promise((done) => setTimeout(done, 1));
      }
      await comm.read();
      const both = [...wire(1), ...wire(2)];
      comm.raw(new Uint8Array(both));
    }, async (address) => {
      const comm = await connect(address);
      equal(await comm.request("ping"), "slow");
      equal(await comm.request("ping"), 1);
      equal(await comm.receive(), 2);
      await comm.close();
    });
  });

  test("takes no more than was agreed, before there is any of it", async () => {
    const many = await answered(u64s(0, 2 ** 40), { stays: true });
    is(many, LimitError, /frames of 1099511627776 .* limit is 4194304/);
    const long = await answered(u64s(0, 2, 5, 2n ** 63n), { stays: true });
    is(long, LimitError, /bytes of 9223372036854776000/);
    const options = { stays: true, maxMessageBytes: 1000, maxFrames: 3 };
    const bytes = await answered(u64s(0, 2, 500, 501), options);
    is(bytes, LimitError, /bytes of 1001 .* limit is 1000/);
    const frames = await answered(u64s(0, 4), options);
    is(frames, LimitError, /frames of 4 .* limit is 3/);
    // Four gigabytes are announced, and none comes: nobody waits for memory.
    const cut = await answered(u64s(0, 1, 2 ** 32 - 1));
    is(cut, TruncatedError, /lost within a message/);
  });

  test("tells a message that is cut from a connection that ends", async () => {
    const whole = wire({ status: "OK" });
    for (const length of [1, 8, 15, 16, 20, whole.length - 1]) {
      const error = await answered(whole.subarray(0, length));
      is(error, TruncatedError, /lost within a message/);
      const hello = wire(HELLO).length;
      equal((error as TruncatedError).offset, hello + length);
    }
    const closed = await answered(new Uint8Array(0));
    is(closed, CommClosedError, /^Lost the connection to tcp:.*it was closed$/);
    is(await answered(u64s(0, 0)), FormatError, /without a frame/);
    is(await answered(u64s(0, 1, 0)), TruncatedError, /end within a value/);
  });

  test("is refused by what is not Dask", async () => {
    const cases: [Uint8Array, Kind, RegExp][] = [
      [
        new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"),
        LimitError,
        /frames of/,
      ],
      [wire({ compression: null }), FormatError, /does not say what it is/],
      [wire([1]), FormatError, /does not say what it is/],
      [wire(null), FormatError, /does not say what it is/],
      [u64s(0, 1, 2 ** 21), LimitError, /bytes of 2097152/],
      [new Uint8Array(0), CommClosedError, /it was closed/],
    ];
    for (const [bytes, kind, text] of cases) {
      const peer = await fakePeer((comm) => {
        comm.raw(bytes);
        comm.socket.end();
        return Promise.resolve();
      });
      const error = await connect(peer.address).catch((error) => error);
      is(error, kind, text);
      await peer.close();
    }
  });

  test("is given up when the other side says nothing", async () => {
    const peer = await fakePeer(() => new Promise(() => {}));
    const silent = connect(peer.address, { timeout: 30 });
    await rejects(silent, /Cannot connect to tcp:.*no answer for 30 ms/);
    await peer.close();
    await withPeer(() => new Promise(() => {}), async (address) => {
      const comm = await connect(address);
      const request = comm.request("identity", {}, { timeout: 30 });
      const next = comm.request("identity");
      await rejects(request, /Lost .*: nothing came or went for 30 ms/);
      await rejects(next, CommClosedError);
      ok(comm.isClosed);
      await comm.closed;
    });
  });

  test("ends when a signal says so, with the signal's reason", async () => {
    const reason = new Error("enough");
    const already = AbortSignal.abort(reason);
    await rejects(connect("tcp://127.0.0.1:1", { signal: already }), reason);
    const peer = await fakePeer(() => new Promise(() => {}));
    const late = new AbortController();
    const connecting = connect(peer.address, { signal: late.signal });
    late.abort(reason);
    await rejects(connecting, (error) => error === reason);
    await peer.close();
    await withPeer(() => new Promise(() => {}), async (address, peer) => {
      const comm = await connect(address);
      const { signal } = late;
      await rejects(comm.request("identity", {}, { signal }), reason);
      ok(!comm.isClosed, "nothing was sent");
      const controller = new AbortController();
      const request = comm.request("identity", {}, controller);
      setTimeout(() => controller.abort(reason), 10);
      await rejects(request, (error) => error === reason);
      await comm.closed;
      for (const socket of peer.open) {
        await new Promise((done) => socket.once("close", done));
      }
    });
  });

  test("keeps requests in order, and survives values that cannot be sent or read", async () => {
    await withPeer(async (comm) => {
      for (;;) {
        const { op, n } = await comm.read() as Record<string, unknown>;
        if (op === "bad") comm.raw(new Uint8Array([...u64s(9, 1, 1), 0xc1]));
        else comm.write(n);
      }
    }, async (address) => {
      const comm = await connect(address);
      const replies = await Promise.all(
        [1, 2, 3].map((n) => comm.request("echo", { n })),
      );
      deepEqual(replies, [1, 2, 3]);
      const unsendable = comm.request("echo", { n: 2n ** 70n });
      await rejects(unsendable, SerializeError);
      await rejects(comm.request("bad"), FormatError);
      equal(await comm.request("echo", { n: 4 }), 4);
      await comm.close();
      await rejects(comm.request("echo"), /was closed here/);
    });
  });

  test("tells what went wrong on the other side", async () => {
    const failed = await answered(wire({
      status: "uncaught-error",
      exception: toSerialize(new Uint8Array([1, 2, 3])),
      traceback: null,
      exception_text: "KeyError('x')",
      traceback_text: '  File "x.py", line 1, in f\n',
    }));
    is(failed, RemoteError, /^Cannot identity at tcp:.*: KeyError\('x'\)$/);
    const { traceback, cause } = failed as RemoteError;
    equal(traceback, '  File "x.py", line 1, in f\n');
    equal(cause, undefined);
    const vague = await answered(wire({ status: "uncaught-error" }));
    is(vague, RemoteError, /an error that cannot be read$/);
    // This is an answer, if a sad one.
    deepEqual(await answered(wire({ status: "error", keys: ["x"] })), {
      status: "error",
      keys: ["x"],
    });
  });

  test("holds back who sends more than is asked for", async () => {
    let isAllSent = false;
    await withPeer(async (comm: FakeComm) => {
      const chunk = wire(new Uint8Array(1_000_000));
      for (let i = 0; i < 99; i++) comm.socket.write(chunk);
      await new Promise((done) => comm.socket.write(chunk, done));
      isAllSent = true;
    }, async (address) => {
      const comm: Comm = await connect(address);
      // Enough for all of it, if nothing held it back.
      await new Promise((done) => setTimeout(done, 300));
      ok(!isAllSent);
      for (let i = 0; i < 100; i++) {
        equal((await comm.receive() as Bytes).length, 1_000_000);
      }
      comm.abort();
    });
  });
});

describe("large messages", () => {
  test("stay what they were, whatever comes after them", async () => {
    const items = 500_000;
    const wanted = (i: number) =>
      Float64Array.from({ length: items }, (_, k) => 7 * k + i);
    await withPeer(async (comm) => {
      await comm.read();
      for (let i = 0; i < 5; i++) {
        comm.write({ big: toSerialize(wanted(i)), small: [i] });
      }
    }, async (address) => {
      const comm = await connect(address);
      const all = [await comm.request("all")];
      while (all.length < 5) all.push(await comm.receive());
      for (const [i, message] of all.entries()) {
        const { big, small } = message as { big: NdArray; small: number[] };
        deepEqual(small, [i]);
        const array = big.toTypedArray() as Float64Array;
        ok(array.every((item, k) => item === 7 * k + i));
        // It was read to where it is: numbers of 8 bytes need not be moved.
        equal(array.buffer, (big.data as Bytes).buffer);
      }
      comm.abort();
    });
  });
});

describe("the frames of a message", () => {
  function framesOf(lengths: readonly number[]): Bytes[] {
    let frames: Bytes[] | undefined;
    const limits = { maxBytes: 2 ** 30, maxFrames: 2 ** 20 };
    const assembler = new Assembler(limits, (all) => frames = all);
    assembler.push(u64s(0, lengths.length, ...lengths));
    for (const [i, length] of lengths.entries()) {
      ok(!assembler.isBetween);
      assembler.push(new Uint8Array(length).fill(i + 1));
    }
    ok(assembler.isBetween);
    return frames!;
  }

  test("are what was sent, each large one with memory of its own", () => {
    const lengths = [10, 0, 5_000, 5_000, 3, 4, 20_000_000];
    const frames = framesOf(lengths);
    deepEqual(frames.map((frame) => frame.length), lengths);
    frames.forEach((frame, i) => {
      equal(frame[0], frame.length > 0 ? i + 1 : undefined);
      equal(frame.at(-1), frame[0]);
    });
    equal(frames[2]!.byteOffset, 0);
    equal(frames[2]!.buffer.byteLength, 5_000);
    ok(frames[3]!.buffer !== frames[2]!.buffer);
    equal(frames[4]!.buffer, frames[5]!.buffer);
  });

  test("lie end to end if they are pieces of one value", () => {
    const piece = 2 ** 24;
    const frames = framesOf([100, piece, piece, 5]);
    const [, first, second, last] = frames;
    equal(first!.buffer, second!.buffer);
    equal(last!.buffer, first!.buffer);
    equal(last!.byteOffset, 2 * piece);
    deepEqual(frames.map((frame) => frame.at(-1)), [1, 2, 3, 4]);
  });
});

describe("addresses", () => {
  test("have a scheme, a host and a port, or those of a scheduler", () => {
    const text = (address: string) => parseAddress(address).text;
    equal(text("127.0.0.1"), "tcp://127.0.0.1:8786");
    equal(text("TLS://host:1/"), "tls://host:1");
    equal(text("ws://[::1]:80"), "ws://[::1]:80");
    equal(parseAddress("tcp://[fe80::1]").host, "fe80::1");
  });

  test("are nothing else", async () => {
    const wrong = ["", "http://x", "tcp://", "tcp://x:99999", "tcp://a b:1"]
      .concat(["tcp://x:1/path", "inproc://x", "tcp://user@x:1", "::1"]);
    for (const address of wrong) {
      await rejects(connect(address), (error: Error) => {
        match(error.message, /an address is like tcp:/);
        return error instanceof TypeError;
      });
    }
  });
});
