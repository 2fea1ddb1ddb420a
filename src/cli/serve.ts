import process from "node:process";
import { writeOut } from "./files.ts";
import { serve as listen } from "../server/serve.ts";

/** What `serve` is told. */
export interface ServeOptions {
  readonly host: string;
  readonly port: number;
}

/** Runs the server until the process is told to end. */
export async function serve(options: ServeOptions): Promise<void> {
  const server = await listen(options);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.removeAllListeners(signal);
      process.once(signal, () => resolve());
    }
  });
  await writeOut(`${server.url}\n`);
  await stopped;
  await server.close();
}
