import { FormatError } from "../../src/errors.ts";
import { dumps } from "../../src/dask/message.ts";
import { loads } from "../../src/dask/read_message.ts";
import type { MessageLimits } from "./_assembler.ts";
import { openTcp } from "./_open_tcp.ts";
import { openWebSocket } from "./_ws.ts";
import { type Address, parseAddress } from "./address.ts";
import { Comm, type HandshakeInfo, PATIENCE, timeUp } from "./comm.ts";
import { CommClosedError } from "./errors.ts";
import type { ConnectOptions } from "./options.ts";

/** Until both sides know each other, nothing long is to be said. */
const HANDSHAKE = { maxBytes: 2 ** 20, maxFrames: 64 } as const;

/**
 * Connects to a scheduler or a worker of Dask, by `tcp://`, `tls://`, `ws://` or `wss://`. In browsers there is only `ws`
 * and `wss`; Node before 22 has these only with `webSocket`.
 *
 * @param address The address, such as `tcp://127.0.0.1:8786`.
 * @param options What ends the wait, what is accepted, and how to get in.
 * @returns The connection, after the handshake.
 * @throws {TypeError} If the address is none.
 * @throws {CommClosedError} If there is no way to get there, in time.
 * @throws {FormatError} If something else than Dask answers.
 *
 * @example
 * ```ts
 * import { CommClosedError, connect } from "@brine/brine/dask";
 * import { rejects } from "node:assert/strict";
 *
 * await rejects(connect("tcp://127.0.0.1:1", { timeout: 2_000 }), CommClosedError);
 * await rejects(connect("http://127.0.0.1"), TypeError);
 * ```
 */
export async function connect(
  address: string,
  options: ConnectOptions = {},
): Promise<Comm> {
  const { signal, timeout = PATIENCE } = options;
  signal?.throwIfAborted();
  const parsed = parseAddress(address);
  const { maxMessageBytes = 2 ** 32, maxFrames = 2 ** 22 } = options;
  const transport = open(parsed, options, {
    ...HANDSHAKE,
    after: { maxBytes: maxMessageBytes, maxFrames },
  });
  const abort = () => transport.destroy(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const why = `there was no answer for ${timeout} ms`;
  const tooLate = new CommClosedError(
    parsed.text,
    `Cannot connect to ${parsed.text}: ${why}`,
    { cause: timeUp(why) },
  );
  const timer = timeout < Infinity
    ? setTimeout(() => transport.destroy(tooLate), timeout)
    : undefined;
  const local = {
    compression: options.compression ?? null,
    "pickle-protocol": 5,
  };
  try {
    await transport.opened;
    await transport.send(dumps(local));
    const remote = handshakeOf(loads(await transport.receive()));
    return new Comm(parsed.text, transport, { local, remote }, options);
  } catch (error) {
    transport.destroy(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function open(
  address: Address,
  options: ConnectOptions,
  limits: MessageLimits,
): ReturnType<typeof openTcp> | ReturnType<typeof openWebSocket> {
  return address.scheme === "ws" || address.scheme === "wss"
    ? openWebSocket(address, options.webSocket, limits)
    : openTcp(address, options.tls ?? {}, limits);
}

/** What the other side told of itself, if it did. */
function handshakeOf(message: unknown): HandshakeInfo {
  const told = Object(message) as Record<string, unknown>;
  const { compression, python } = told;
  const protocol = told["pickle-protocol"];
  if (typeof protocol !== "number" || !(protocol >= 0)) {
    throw new FormatError("dask", "the other side does not say what it is");
  }
  return {
    compression: typeof compression === "string" ? compression : null,
    "pickle-protocol": protocol,
    ...(Array.isArray(python) ? { python } : {}),
  };
}
