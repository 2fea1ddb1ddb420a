import type * as Net from "node:net";
import type * as Tls from "node:tls";
import type { MessageLimits } from "./_assembler.ts";
import { TcpTransport } from "./_tcp.ts";
import type { Address } from "./address.ts";
import { CommClosedError } from "./errors.ts";
import type { TlsOptions } from "./options.ts";

/** What is read of small frames in one go. */
const SCRATCH = 2 ** 16;

/** A module of Node, where the runtime has it. */
function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  return process?.getBuiltinModule?.(name) as T | undefined;
}

/** A socket to an address, which is not connected yet. */
export function openTcp(
  address: Address,
  tls: TlsOptions,
  limits: MessageLimits,
): TcpTransport {
  const net = builtin<typeof Net>("node:net");
  if (!net) {
    throw new CommClosedError(
      address.text,
      `Cannot connect to ${address.text}: this runtime has no TCP, only ws and wss`,
    );
  }
  if (net.isIP(address.host) === 0 && !isName(address.host)) {
    throw new TypeError(`Cannot connect to ${address.text}: this is no host`);
  }
  const { host, port, text } = address;
  if (address.scheme === "tls") {
    const connect = builtin<typeof Tls>("node:tls")!.connect;
    const socket = connect(tlsOptions(address, tls, net));
    return new TcpTransport(socket, "secureConnect", text, limits);
  }
  const scratch = new Uint8Array(SCRATCH);
  const opened: { transport?: TcpTransport } = {};
  // Large frames are read to where they belong; all else is copied there.
  const onread = {
    buffer: () => {
      const room = opened.transport?.room;
      return room && room.length > SCRATCH ? room : scratch;
    },
    callback: (length: number, bytes: Uint8Array) =>
      opened.transport!.take(bytes.subarray(0, length)),
  };
  const socket = net.connect({ host, port, onread });
  return opened.transport = new TcpTransport(socket, "connect", text, limits);
}

function isName(host: string): boolean {
  return /^[\w.-]+$/.test(host);
}

/** As Dask has it: with an authority of one's own, names are not looked at, only who signed the certificate. */
function tlsOptions(
  { host, port }: Address,
  options: TlsOptions,
  net: typeof Net,
): Tls.ConnectionOptions {
  const { ca, cert, key, verifyName = ca === undefined } = options;
  const serverName = options.serverName ?? host;
  return {
    host,
    port,
    ...(ca === undefined ? {} : { ca: [ca].flat() }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(net.isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...(verifyName ? {} : { checkServerIdentity: () => undefined }),
  };
}
