import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type InspectorAssets,
  inspectorOf,
} from "../../src/inspector/inspector.ts";
import { type Browser, chromium, launch, type Page } from "./_chromium.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bun = join(root, "node_modules", ".bin", "bun");

/** Why there is nothing to test with; empty if there is. */
export const missing: string = chromium === undefined
  ? "Chromium is not installed"
  : existsSync(bun)
  ? ""
  : "Bun is not installed";

/** What the page's sources and the library come to now, and not what was committed. */
export async function built(folder: string): Promise<InspectorAssets> {
  const target = join(folder, "assets.ts");
  const script = join(root, "src", "inspector", "page", "build.ts");
  execFileSync(bun, [script, target], { cwd: root, stdio: "inherit" });
  return await import(pathToFileURL(target).href);
}

/** The page, in a browser, and a folder for files that are dropped on it. */
export interface Lab {
  readonly page: Page;
  readonly url: string;
  readonly folder: string;
  close(): Promise<void>;
}

type Fetch = (request: Request) => Response | Promise<Response>;

/** Opens a port, on the runtime that runs the tests. */
function listen(fetch: Fetch): { port: number; close(): unknown } {
  const { Bun, Deno } = globalThis as unknown as {
    Bun?: {
      serve(options: object): { port: number; stop(now: boolean): unknown };
    };
    Deno?: {
      serve(
        options: object,
        fetch: Fetch,
      ): { addr: { port: number }; shutdown(): unknown };
    };
  };
  if (Bun) {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch });
    return { port: server.port, close: () => server.stop(true) };
  }
  const server = Deno!.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    fetch,
  );
  return { port: server.addr.port, close: () => server.shutdown() };
}

/** Builds the page, serves it, and opens it. */
export async function openLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "inspector-"));
  const app = inspectorOf(await built(folder));
  app.get(
    "/files/:name",
    async (c) => c.body(await readFile(join(folder, c.req.param("name")))),
  );
  const server = listen((request) => app.fetch(request));
  const url = `http://127.0.0.1:${server.port}/`;
  const browser: Browser = await launch(chromium!);
  const page = await browser.open(url);
  return {
    page,
    url,
    folder,
    async close() {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Drops a file, and waits until all of it has been read. */
export async function dropAndRead(
  { page, folder }: Lab,
  name: string,
): Promise<void> {
  await page.drop(join(folder, name));
  await untilRead(page, name);
}

/** Waits until all of a file has been read, and something of it is shown. */
export async function untilRead(page: Page, name: string): Promise<void> {
  await page.until(`document.title.startsWith(${JSON.stringify(name)})
    && document.querySelector(".progress-bar").hidden
    && document.querySelector(".status").textContent !== ""
    && (document.querySelector("[role=grid]").getAttribute("aria-rowcount") === "1"
      || !document.querySelector(".detail").classList.contains("nothing"))`);
}

/** What `axe` finds wrong with the page, each with the elements that it is about. */
export async function violations(page: Page): Promise<string[]> {
  const source = await readFile(
    join(root, "node_modules", "axe-core", "axe.min.js"),
    "utf8",
  );
  await page.evaluate(
    `globalThis.axe ? 0 : (${
      JSON.stringify(source.length)
    }, (() => { ${source} })(), 0)`,
  );
  return await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, help, nodes }) => id + ": " + help + " " + nodes.slice(0, 5).map(({ html, any }) =>
      html.slice(0, 160) + " " + (any[0]?.message ?? "")).join(" | ")))`,
  );
}
