import process from "node:process";
import {
  serve as listen,
  type Served,
  type ServeOptions as ServerOptions,
} from "../server/serve.ts";
import { writeOut } from "./files.ts";
import { keepSmall } from "./keep_small.ts";

/** What `serve` is told. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly cors: readonly string[];
  readonly maxBodyBytes: number | undefined;
  readonly maxDecodedBytes: number | undefined;
  readonly maxSeconds: number | undefined;
  readonly maxConcurrent: number | undefined;
  readonly prefect: string | undefined;
  readonly files: string | undefined;
  /** The address of a scheduler of Dask. */
  readonly dask: string | undefined;
  readonly metrics: boolean;
  readonly log: boolean;
  /** Seconds for requests that are under way when it is told to end. */
  readonly grace: number;
}

type PageAnswer = Response | Promise<Response>;

/** Runs the server until the process is told to end: once, to let requests come to their end; twice, to break them off. */
export async function serve(options: ServeOptions): Promise<void> {
  const { grace, cors, dask, log, ...rest } = options;
  const onBytes = keepSmall();
  let page: Promise<{ fetch(request: Request): PageAnswer }> | undefined;
  const server = await listen({
    ...told(rest),
    ...cors.length > 0 && { cors: cors.includes("*") ? "*" : [...cors] },
    ...process.env.BRINE_TOKEN && { token: process.env.BRINE_TOKEN },
    ...dask !== undefined && {
      dask: async () => {
        const { Client } = await import("../../streams/dask/client.ts");
        return await Client.connect(dask);
      },
    },
    ...onBytes && { onBytes },
    ...log && {
      log: (entry) => process.stderr.write(JSON.stringify(entry) + "\n"),
    },
    // Large, and a server may never be asked for it.
    page: async (request) => {
      page ??= import("../inspector/mod.ts").then(({ inspector }) =>
        inspector()
      );
      return await (await page).fetch(request);
    },
  });
  await writeOut(`${server.url}\n`);
  await stopped(server, grace);
}

/** Those options that were given. */
function told(options: object): ServerOptions {
  const given = Object.entries(options).filter(([, value]) =>
    value !== undefined
  );
  return Object.fromEntries(given);
}

async function stopped(server: Served, grace: number): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.removeAllListeners(signal);
      process.once(signal, () => resolve());
      process.once(signal, () => {
        process.once(signal, () => void server.close());
      });
    }
  });
  await server.close(grace);
}
