/** What is installed here, offered as a registry of npm offers it. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tar } from "./_tar.ts";

interface Package {
  readonly packument: string;
  readonly tarball: Uint8Array;
}

/** Packages by name, each made when it is first asked for. */
export class Npm {
  readonly #packages = new Map<string, Package | undefined>();

  /** What there is to say to a request, if anything. */
  answer(path: string, url: string): string | Uint8Array | undefined {
    const [, tarball, name] = /^\/(-\/)?((?:@[^/]+\/)?[^/]+)$/.exec(
      decodeURIComponent(path),
    ) ?? [];
    if (!name) return undefined;
    if (!this.#packages.has(name)) {
      this.#packages.set(name, packageOf(name, url));
    }
    const found = this.#packages.get(name);
    return tarball ? found?.tarball : found?.packument;
  }
}

function packageOf(name: string, url: string): Package | undefined {
  const folder = folderOf(name);
  if (!folder) return undefined;
  const files = new Map<string, Uint8Array>();
  collect(folder, "package", files);
  const tarball = gzipSync(tar(files), { level: 1 });
  const info = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const dist = {
    tarball: `${url}/-/${encodeURIComponent(name)}`,
    shasum: createHash("sha1").update(tarball).digest("hex"),
    integrity: `sha512-${
      createHash("sha512").update(tarball).digest("base64")
    }`,
  };
  // Their own scripts would do nothing to the point.
  delete info.scripts;
  const packument = {
    name,
    "dist-tags": { latest: info.version },
    versions: { [info.version]: { ...info, dist } },
  };
  return { packument: JSON.stringify(packument), tarball };
}

function folderOf(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  const folders = require.resolve.paths(name) ?? [];
  for (const folder of folders) {
    try {
      readFileSync(join(folder, name, "package.json"));
      return join(folder, name);
    } catch {
      // The next one.
    }
  }
  return undefined;
}

/** Files, but not what is installed inside. */
function collect(
  folder: string,
  name: string,
  files: Map<string, Uint8Array>,
): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const inside = `${name}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules") collect(path, inside, files);
    } else if (entry.isFile()) files.set(inside, readFileSync(path));
  }
}
