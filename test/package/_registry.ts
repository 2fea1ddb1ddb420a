/** JSR and npm on loopback, so that packages are published and installed for real, and nothing leaves the machine. */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Jsr } from "./_jsr.ts";
import { Npm } from "./_npm.ts";

/** Both registries, at one address. */
export interface Registry {
  readonly url: string;
  readonly jsr: Jsr;
  close(): Promise<void>;
}

/** Starts both; JSR's has the standard library's stand-ins, and npm's whatever is installed here. */
export async function startRegistry(): Promise<Registry> {
  const jsr = new Jsr();
  const npm = new Npm();
  jsr.addStandIn("encoding");
  jsr.addStandIn("streams");
  let url = "";
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "/").split("?")[0]!;
    const answer = path.startsWith("/api/")
      ? api(jsr, path, request.method ?? "", await bodyOf(request))
      : jsr.answer(path) ?? npm.answer(path, url);
    if (typeof answer === "string") {
      response.setHeader("content-type", "application/json");
    }
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(answer ?? '{"code":"notFound","message":"there is none"}');
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, jsr, close };
}

/** What `deno publish` asks: whether there is such a package and version, and to take one. */
function api(
  jsr: Jsr,
  path: string,
  method: string,
  body: Uint8Array,
): string | undefined {
  const [, scope, name, version] =
    /^\/api\/scopes\/([^/]+)\/packages\/([^/]+)(?:\/versions\/([^/]+))?$/
      .exec(path) ?? [];
  if (!name) return undefined;
  if (method === "GET") return version ? undefined : JSON.stringify({});
  if (method !== "POST" || !version) return undefined;
  jsr.publish(`@${scope}/${name}`, version, body);
  return JSON.stringify({ id: "1", status: "success", error: null });
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
