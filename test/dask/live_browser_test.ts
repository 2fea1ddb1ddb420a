/** With the real Dask, from a page in a real browser, where there are only web sockets. */
import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual } from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect as tcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isBun, Python, versions } from "./_cluster.ts";

const bun = fileURLToPath(
  new URL("../../node_modules/.bin/bun", import.meta.url),
);
const script = fileURLToPath(new URL("page.ts", import.meta.url));
const browser = (process.env.PATH ?? "").split(delimiter)
  .flatMap((folder) =>
    ["chromium", "chromium-browser", "google-chrome"]
      .map((name) => join(folder, name))
  )
  .find(existsSync);
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
  .concat(["--disable-background-networking", "--disable-component-update"]);

const { name, python, isMissing } = versions[0]!;
const skip = isMissing || !isBun || !browser || !existsSync(bun);
if (isBun && !browser) {
  console.log("skipped: test/dask in Chromium (it is not installed)");
}

describe(`Dask ${name} and a page in a browser`, () => {
  let peer: Python;
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  if (!skip) {
    beforeAll(async () => {
      peer = await Python.start(python, "main=ws:1");
    });
    afterAll(() => peer?.end());
  }
  afterAll(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  test.skipIf(skip)("values go both ways by ws", async () => {
    const bundle = join(folder, "page.js");
    const args = ["build", script, "--target=browser", `--outfile=${bundle}`];
    execFileSync(bun, args, { stdio: "ignore" });
    await peer.run("many", { key: "python", count: 1, items: 200_000 });
    const told = deferredText();
    const server = createServer(async (request, response) => {
      if (request.url === "/page.js") {
        response.setHeader("content-type", "text/javascript");
        return void response.end(readFileSync(bundle));
      }
      response.setHeader("content-type", "text/html");
      if (request.url !== "/done") {
        return void response.end(
          '<!doctype html><script type="module" src="/page.js"></script>',
        );
      }
      let text = "";
      for await (const chunk of request) text += chunk;
      // The page holds the key as long as it is not answered.
      const sum = await peer.run("sum", { key: "from the page" })
        .catch((error) => error.message);
      told.resolve(JSON.stringify({ ...JSON.parse(text), sum }));
      response.end();
    });
    // As a proxy does it that serves both: Dask lets only pages in that come from where it is.
    server.on("upgrade", tunnelTo(peer.clusters.main!.address));
    const port = await listening(server);
    const profile = `--user-data-dir=${join(folder, "profile")}`;
    const url = `http://127.0.0.1:${port}/`;
    const child = spawn(browser!, [...FLAGS, profile, url], {
      stdio: "ignore",
    });
    const gone = new Promise<void>((done) => child.once("close", () => done()));
    try {
      deepEqual(JSON.parse(await told.promise), {
        back: 0.5,
        python: [200_000, 0],
        tcp: "CommClosedError",
        sum: [1_000_000, 0],
      });
    } finally {
      child.kill("SIGKILL");
      await gone;
      server.closeAllConnections();
      server.close();
    }
  }, 60_000);
});

function deferredText(): {
  promise: Promise<string>;
  resolve: (text: string) => void;
} {
  let resolve!: (text: string) => void;
  const promise = new Promise<string>((done) => resolve = done);
  return { promise, resolve };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    })
  );
}

/** Passes a request on as it is, and all that follows it. */
function tunnelTo(address: string) {
  const { hostname, port } = new URL(address);
  return (
    { method, url, rawHeaders }: {
      method?: string | undefined;
      url?: string | undefined;
      rawHeaders: string[];
    },
    near: unknown,
    head: Uint8Array,
  ): void => {
    const socket = near as Socket;
    const far = tcp(Number(port), hostname);
    let text = `${method} ${url} HTTP/1.1\r\n`;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
    }
    far.write(`${text}\r\n`);
    far.write(head);
    far.pipe(socket);
    socket.pipe(far);
    for (const one of [socket, far]) one.on("error", () => {});
  };
}
