/** The real Prefect, where it is installed. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("peer.py", import.meta.url));
const venv = fileURLToPath(
  new URL("../../.ci/venv-prefect/bin/python", import.meta.url),
);
const python = process.env.BRINE_PREFECT_PYTHON ??
  (existsSync(venv) ? venv : "python3");

/** Whether Prefect is there; says so in a line, if it is not. */
export const hasPrefect: boolean = (() => {
  const check =
    "import importlib.util as i, sys; sys.exit(i.find_spec('prefect') is None)";
  const found =
    spawnSync(python, ["-c", check], { stdio: "ignore" }).status === 0;
  if (!found) {
    console.log(
      "skipped: tests of test/prefect that need the real Prefect (.ci/peers.sh installs it)",
    );
  }
  return found;
})();

/** What a command of `peer.py` prints, which is JSON. */
export function prefect<T>(...args: string[]): T {
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    env: { ...process.env, PYTHONIOENCODING: "utf8" },
  });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  // Libraries that this Python has not.
  for (const line of stderr.split("\n")) {
    if (line.startsWith("skipped: ")) console.log(line);
  }
  const lines = stdout.trim().split("\n");
  return JSON.parse(lines.at(-1)!) as T;
}
