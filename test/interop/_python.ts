import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bytes } from "../../src/types.ts";

const script = fileURLToPath(new URL("peer.py", import.meta.url));
const venv = fileURLToPath(
  new URL("../../.ci/venv/bin/python", import.meta.url),
);
/** What `.ci/peers.sh` installed; or else the machine's own, which may have what one test or the other needs. */
const python = existsSync(venv) ? venv : "python3";

const missing = new Map<string, boolean>();

/** Whether Python or a module of it is missing; says so in a line of its own, once, if it is. */
export function isMissing(module: string): boolean {
  const known = missing.get(module);
  if (known !== undefined) return known;
  const { status } = spawnSync(python, ["-c", `import ${module}`], {
    stdio: "ignore",
  });
  missing.set(module, status !== 0);
  if (status !== 0) {
    console.log(
      `skipped: tests of test/interop that need Python's ${module} (.ci/peers.sh installs it)`,
    );
  }
  return status !== 0;
}

/** What a command of `peer.py` makes of bytes. */
export function peer(command: string, input: Uint8Array, option = ""): Bytes {
  const folder = mkdtempSync(join(tmpdir(), "interop-"));
  try {
    const [source, target] = [join(folder, "input"), join(folder, "output")];
    writeFileSync(source, input);
    execFileSync(python, [script, command, source, target, option], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return new Uint8Array(readFileSync(target));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As {@linkcode peer}, of what JSON holds. */
export function peerOfJson(
  command: string,
  input: unknown,
  option = "",
): Bytes {
  const text = JSON.stringify(input);
  return peer(command, new TextEncoder().encode(text), option);
}
