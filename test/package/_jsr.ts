/** A registry that speaks JSR's protocol: takes what is published, and serves it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Files, untar } from "./_tar.ts";

interface Version {
  readonly files: Files;
  readonly exports: Record<string, string>;
}

const STAND_INS = new URL("../../.ci/std/", import.meta.url);

/** Packages by name and version. */
export class Jsr {
  /** As `@scope/name@version`. */
  readonly #versions = new Map<string, Version>();

  /** The standard library's packages as they stand in for it here. */
  addStandIn(folder: string): void {
    const read = (file: string) =>
      readFileSync(
        fileURLToPath(new URL(`${folder}/${file}`, STAND_INS)),
        "utf8",
      );
    const { name, version, exports } = JSON.parse(read("deno.json"));
    const { dependencies } = JSON.parse(read("package.json"));
    const files = new Map<string, Uint8Array>();
    for (const path of Object.values<string>(exports)) {
      // As publishing makes them, where nobody else says what a name means.
      const text = read(path).replace(
        /from "deno-std\//,
        `from "npm:deno-std@${dependencies["deno-std"]}/`,
      );
      files.set(path.slice(2), new TextEncoder().encode(text));
    }
    this.#versions.set(`${name}@${version}`, { files, exports });
  }

  /** Takes an upload: an archive, compressed. */
  publish(name: string, version: string, upload: Uint8Array): void {
    const files = untar(gunzipSync(upload));
    const config = JSON.parse(new TextDecoder().decode(files.get("deno.json")));
    const { exports } = config;
    this.#versions.set(`${name}@${version}`, { files, exports });
  }

  /** The names of a package's files. */
  filesOf(name: string, version: string): Files | undefined {
    return this.#versions.get(`${name}@${version}`)?.files;
  }

  /** What there is to say to a request, if anything. */
  answer(path: string): string | Uint8Array | undefined {
    const [, name, rest] = /^\/(@[^/]+\/[^/]+)\/(.+)$/.exec(path) ?? [];
    if (!name || !rest) return undefined;
    if (rest === "meta.json") return this.#meta(name);
    const [, version, file] = /^([^/]+?)(_meta\.json$|\/.+)/.exec(rest) ?? [];
    const found = this.#versions.get(`${name}@${version}`);
    if (!found || !file) return undefined;
    return file === "_meta.json"
      ? versionMeta(found)
      : found.files.get(file.slice(1));
  }

  #meta(name: string): string | undefined {
    const versions = [...this.#versions.keys()]
      .filter((key) => key.startsWith(`${name}@`))
      .map((key) => key.slice(name.length + 1));
    if (versions.length === 0) return undefined;
    return JSON.stringify({
      scope: name.slice(1, name.indexOf("/")),
      name: name.slice(name.indexOf("/") + 1),
      latest: versions.at(-1),
      versions: Object.fromEntries(versions.map((version) => [version, {}])),
    });
  }
}

function versionMeta({ files, exports }: Version): string {
  const manifest = Object.fromEntries(
    [...files].map(([name, bytes]) => {
      const checksum = createHash("sha256").update(bytes).digest("hex");
      return [`/${name}`, {
        size: bytes.length,
        checksum: `sha256-${checksum}`,
      }];
    }),
  );
  return JSON.stringify({ manifest, exports });
}
