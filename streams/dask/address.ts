/** The parts of an address such as `tcp://127.0.0.1:8786`. */
export interface Address {
  /** How to get there. */
  readonly scheme: "tcp" | "tls" | "ws" | "wss";
  /** Name or number; numbers of version 6 without brackets. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** All of it, as it is written to others. */
  readonly text: string;
}

/** The scheduler's own. */
const PORT = 8786;
const PATTERN =
  /^(?:(tcp|tls|ws|wss):\/\/)?(\[[\d a-f:.%]+\]|[^\s:/[\]@?#]+)(?::(\d{1,5}))?\/?$/i;

/** The parts of an address; without a scheme it is TCP's, without a port the scheduler's. */
export function parseAddress(address: string): Address {
  const [, scheme = "tcp", host, port] = PATTERN.exec(address) ?? [];
  const number = Number(port ?? PORT);
  if (!host || number > 65_535) {
    const shown = JSON.stringify(address.slice(0, 100));
    throw new TypeError(
      `Cannot connect to ${shown}: an address is like tcp://127.0.0.1:${PORT}, ` +
        "with tcp, tls, ws or wss",
    );
  }
  const lower = scheme.toLowerCase() as Address["scheme"];
  return {
    scheme: lower,
    host: host.startsWith("[") ? host.slice(1, -1) : host,
    port: number,
    text: `${lower}://${host}:${number}`,
  };
}
