import { equal, match, ok } from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, test } from "bun:test";
import type { Bytes } from "../../mod.ts";
import { counted, utf8 } from "./_helpers.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bun = join(root, "node_modules", ".bin", "bun");
const system = process.platform === "win32" ? "windows" : process.platform;
const kind = process.arch === "x64" ? "64" : process.arch;
const workerd = join(
  root,
  `node_modules/@cloudflare/workerd-${system}-${kind}/bin/workerd`,
);
const missing = !existsSync(bun) || !existsSync(workerd);
if (missing) {
  console.log("skipped: test/server in workerd (it is not installed)");
}

const ENTRY = `import { createApp } from ${
  JSON.stringify(join(root, "src/server/app.ts"))
};
const app = createApp();
export default { fetch: (request) => app.fetch(request) };`;

/** As much memory as a worker that streams should need, and a quarter of what it may have. */
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ["--max-old-space-size=32"],
  services = [(name = "main", worker = (
    compatibilityDate = "2026-10-01",
    modules = [(name = "main.mjs", esModule = embed "main.mjs")],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", service = "main")],
);`;

/** Text that packs badly enough for frames of many buffers. */
function lines(count: number): Bytes {
  let text = "";
  let seed = 1;
  for (let id = 0; id < count; id++) {
    seed = seed * 1_103_515_245 + 12_345 & 0x7fff_ffff;
    text += `{"id":${id},"name":"${seed.toString(36)}","at":${seed / 7}}\n`;
  }
  return utf8(text);
}

describe("the server in a worker of 32 MB", () => {
  let folder: string;
  let child: ReturnType<typeof spawn> | undefined;
  let url: string;

  beforeAll(async () => {
    if (missing) return;
    folder = await mkdtemp(join(tmpdir(), "worker-"));
    await writeFile(join(folder, "entry.ts"), ENTRY);
    await writeFile(join(folder, "config.capnp"), CONFIG);
    execFileSync(bun, [
      "build",
      join(folder, "entry.ts"),
      "--target=browser",
      `--outfile=${join(folder, "main.mjs")}`,
    ], { cwd: root, stdio: "ignore" });
    const args = ["serve", "--control-fd=1", "config.capnp"];
    const started = spawn(workerd, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    });
    child = started;
    const line = await new Promise<string>((resolve) =>
      started.stdout.once("data", (chunk) => resolve(`${chunk}`))
    );
    url = `http://127.0.0.1:${JSON.parse(line.split("\n")[0]!).port}`;
  });
  afterAll(async () => {
    if (!child) return;
    const gone = new Promise((resolve) => child!.once("close", resolve));
    child.kill("SIGKILL");
    await gone;
    await rm(folder, { recursive: true });
  });

  const post = (path: string, body: ReadableStream<Bytes>) =>
    fetch(
      `${url}${path}`,
      { method: "POST", body, duplex: "half" } as RequestInit,
    );

  test.skipIf(missing)(
    "converts 48 MB to brine in zstd, and back",
    async () => {
      const block = lines(20_000);
      const count = Math.ceil(48e6 / block.length);
      const source = counted((i) => i < count ? block : undefined);
      const packed = await post(
        "/convert?from=ndjson&to=brine&compress=zstd",
        source.stream,
      );
      equal(packed.status, 200);
      const back = await post(
        "/convert?from=brine&to=ndjson",
        packed.body as ReadableStream<Bytes>,
      );
      equal(back.status, 200);
      let length = 0;
      for await (const chunk of back.body as unknown as AsyncIterable<Bytes>) {
        length += chunk.length;
      }
      ok(length > 0.9 * count * block.length, `${length} bytes`);
    },
    60_000,
  );

  test.skipIf(missing)("has its document and its page", async () => {
    const { paths } = await (await fetch(`${url}/openapi.json`)).json();
    ok(paths["/convert"]);
    match(await (await fetch(`${url}/docs`)).text(), /POST \/convert/);
  });
});
