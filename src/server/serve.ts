import { appOf } from "./app.ts";
import { Exchanges } from "./_exchange.ts";
import { cameAs, type Incoming } from "./_incoming.ts";
import { type ServerOptions, settingsOf } from "./options.ts";

/** Options for {@linkcode serve}. */
export interface ServeOptions extends ServerOptions {
  /** The address to listen on. @default {"127.0.0.1"} */
  readonly host?: string;
  /** The port to listen on; with 0, one that is free. @default {0} */
  readonly port?: number;
  /**
   * Seconds without a byte either way until a connection is given up, and for what stands before a body: 255 at most.
   *
   * @default {60}
   */
  readonly idleSeconds?: number;
  /**
   * Whether it is the server of `node:http` that listens, which Bun and Deno have as well, or their own. Bun's own does not hear
   * of every client that goes away while much is under way, and lets the request stand until `idleSeconds` are over.
   *
   * @default {true on Bun, on Node, and where Deno's own stalls}
   */
  readonly nodeHttp?: boolean;
}

/** A server that listens. */
export interface Served {
  /** Where it is, without a slash at the end. */
  readonly url: string;
  /**
   * Stops it: nothing new is taken, and what is under way may come to its end.
   *
   * @param seconds How long that may take; then it is broken off. @default {0}
   */
  close(seconds?: number): Promise<void>;
}

type Fetch = (request: Request) => Response | Promise<Response>;
/** Starts a server, and tells the port. */
type Listen = (
  fetch: Fetch,
  host: string,
  port: number,
  idleSeconds: number,
) => Listening | Promise<Listening>;
interface Listening {
  readonly port: number;
  /** Takes no more connections. */
  refuse(): void;
  close(): Promise<void>;
}

/** The most seconds of idleness that Bun has. */
const MAX_IDLE = 255;

/**
 * `Deno.serve` of 2.8.3 to 2.9.5 gives no more of a request's body, at some point or other, once the answer has begun
 * (https://github.com/denoland/deno/issues/36624). The server of `node:http`, which Deno has as well, does.
 */
const STALLS = /^2\.(8\.([3-9]|\d\d)|9\.[0-5])$/;

/**
 * Opens a port for {@linkcode createApp}, on Bun, Deno and Node. On Node it takes the package `@hono/node-server`.
 *
 * @param options Address and port, and those of the app.
 * @returns Where it listens, and how to stop it.
 * @throws {TypeError} If this is none of the three.
 *
 * @example
 * ```ts
 * import { serve } from "@brine/brine/server";
 * import { equal } from "node:assert/strict";
 *
 * const server = await serve();
 * const response = await fetch(`${server.url}/health`);
 * equal(await response.text(), '{"ok":true}');
 * await server.close();
 * ```
 */
export async function serve(options: ServeOptions = {}): Promise<Served> {
  const { host = "127.0.0.1", port = 0, idleSeconds = 60, ...others } = options;
  const { nodeHttp, ...rest } = others;
  const settings = settingsOf(rest);
  const exchanges = new Exchanges(settings);
  const app = appOf(settings, exchanges);
  const listening = await listenHere(nodeHttp)(
    (request) => app.fetch(request),
    host,
    port,
    Math.min(idleSeconds, MAX_IDLE),
  );
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${listening.port}`,
    async close(seconds = 0) {
      const idle = exchanges.close();
      if (seconds > 0) {
        listening.refuse();
        await atMost(seconds, idle);
      }
      await listening.close();
    },
  };
}

/** Waits for something, but not for ever. */
async function atMost(seconds: number, event: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1_000);
  });
  await Promise.race([event, late]);
  clearTimeout(timer);
}

function listenHere(nodeHttp: boolean | undefined): Listen {
  const { Bun, Deno, process } = globalThis as Runtimes;
  const stalls = Deno !== undefined && STALLS.test(Deno.version.deno);
  const own = nodeHttp === undefined ? !Bun && !stalls : !nodeHttp;
  if (Bun && own) return onBun(Bun);
  if (Deno && own) return onDeno(Deno);
  if (process?.versions?.node) return onNode;
  throw new TypeError(
    "Cannot open a port here: give createApp().fetch to the runtime",
  );
}

/** As much of the runtimes as is used here; each knows only its own types. */
interface Runtimes {
  Bun?: {
    serve(
      options: object,
    ): { port: number; stop(force: boolean): Promise<void> };
  };
  Deno?: {
    version: { deno: string };
    serve(options: object, fetch: Fetch): {
      addr: { port: number };
      finished: Promise<void>;
    };
  };
  process?: { versions?: { node?: string } };
}

function onBun(bun: NonNullable<Runtimes["Bun"]>): Listen {
  return (fetch, hostname, port, idleSeconds) => {
    const server = bun.serve({
      fetch,
      hostname,
      port,
      idleTimeout: idleSeconds,
      // The app has its own limit, and says in JSON what is wrong.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    });
    return {
      port: server.port,
      refuse: () => void server.stop(false),
      close: () => server.stop(true),
    };
  };
}

function onDeno(deno: NonNullable<Runtimes["Deno"]>): Listen {
  return (fetch, hostname, port) => {
    const stop = new AbortController();
    const { signal } = stop;
    const server = deno.serve(
      { hostname, port, signal, onListen: () => {} },
      fetch,
    );
    return {
      port: server.addr.port,
      // It has no way to do half of it.
      refuse() {},
      close() {
        stop.abort();
        return server.finished;
      },
    };
  };
}

/** Milliseconds that connections have for what was written last. */
const FLUSH = 500;

/** The end of an answer of HTTP/1.0 is that of the connection: only by a reset can one that breaks off not look whole. */
function tellsCuts(
  { httpVersion, socket }: import("node:http").IncomingMessage,
  outgoing: import("node:http").ServerResponse,
): void {
  if (httpVersion !== "1.0") return;
  const destroy = outgoing.destroy.bind(outgoing);
  outgoing.destroy = (error) => {
    if (!outgoing.writableEnded) socket.resetAndDestroy();
    return destroy(error);
  };
}

/** Milliseconds between looks for requests that do not come to their body. */
const CHECK = 1_000;

const onNode: Listen = async (fetch, hostname, port, idleSeconds) => {
  const node = await import("@hono/node-server");
  const server = node.createAdaptorServer({
    fetch(request, env) {
      cameAs(request, env.incoming as Incoming);
      return fetch(request);
    },
    hostname,
    overrideGlobalObjects: false,
    serverOptions: {
      // A large body takes its time; by default Node gives it five minutes.
      requestTimeout: 0,
      // Without one for the request, Node would have none for what stands before the body.
      headersTimeout: idleSeconds * 1_000,
      connectionsCheckingInterval: CHECK,
    },
  }) as import("node:http").Server;
  server.timeout = idleSeconds * 1_000;
  server.prependListener("request", tellsCuts);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  let closed = false;
  server.once("close", () => closed = true);
  const address = server.address() as import("node:net").AddressInfo;
  return {
    port: address.port,
    refuse: () => void server.close(),
    close: () =>
      new Promise((resolve) => {
        if (closed) return resolve();
        server.once("close", resolve);
        if (server.listening) server.close();
        server.closeIdleConnections();
        // The end of an answer may still be on its way to the socket.
        const late = setTimeout(() => server.closeAllConnections(), FLUSH);
        server.once("close", () => clearTimeout(late));
      }),
  };
};
