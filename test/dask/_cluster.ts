/** Clusters of the real Dask, where it is installed. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("cluster.py", import.meta.url));

/** A scheduler and its workers. */
export interface RunningCluster {
  readonly address: string;
  /** The process of the scheduler. */
  readonly pid: number;
  /** The processes of workers, by address. */
  readonly workers: Readonly<Record<string, number>>;
}

/** A version of Dask to try. */
export interface DaskVersion {
  readonly name: string;
  readonly python: string;
  readonly isMissing: boolean;
}

function version(name: string, venv: string): DaskVersion {
  const url = new URL(`../../.ci/${venv}/bin/python`, import.meta.url);
  const python = fileURLToPath(url);
  const site = `../../.ci/${venv}/lib`;
  const isMissing = !existsSync(python) ||
    !existsSync(fileURLToPath(new URL(site, import.meta.url)));
  if (isMissing) {
    console.log(
      `skipped: tests with the real Dask of ${name} (.ci/peers.sh installs it)`,
    );
  }
  return { name, python, isMissing };
}

/** The newest, and the one that Debian 12 has. */
export const versions: readonly DaskVersion[] = [
  version("2026.8.0", "venv"),
  version("2022.12.1", "venv-dask-2022"),
];

/** The runtime of the tests is Bun: what costs much is tried on one only. */
export const isBun: boolean = process.versions.bun !== undefined;

/** Python, with clusters that it started. */
export class Python {
  readonly clusters: Readonly<Record<string, RunningCluster>>;
  /** A certificate of one's own, and its key. */
  readonly tls: { readonly cert: string; readonly key: string };
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #answers: Map<number, (line: Answer) => void>;
  #count = 0;

  private constructor(parts: {
    readonly clusters: Readonly<Record<string, RunningCluster>>;
    readonly child: ChildProcess;
    readonly folder: string;
    readonly answers: Map<number, (line: Answer) => void>;
  }) {
    this.clusters = parts.clusters;
    this.#child = parts.child;
    this.#folder = parts.folder;
    this.#answers = parts.answers;
    const text = (name: string) =>
      readFileSync(join(parts.folder, `${name}.pem`), "utf8");
    this.tls = { cert: text("cert"), key: text("key") };
  }

  /** Starts clusters such as `main=tcp:2`. */
  static async start(
    python: string,
    ...clusters: readonly string[]
  ): Promise<Python> {
    const folder = mkdtempSync(join(tmpdir(), "dask-"));
    makeCertificate(folder);
    const child = spawn(python, [script, folder, ...clusters], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const answers = new Map<number, (line: Answer) => void>();
    let said = "";
    let rest = "";
    child.stderr!.on("data", (chunk) => said = (said + chunk).slice(-10_000));
    const first = await new Promise<string>((resolve, reject) => {
      child.once("close", () => {
        reject(new Error(`Python ended: ${said}`));
        for (const answer of answers.values()) answer({ error: said });
      });
      child.stdout!.on("data", (chunk) => {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop()!;
        for (const line of lines) {
          const parsed = JSON.parse(line);
          if (parsed.id === undefined) resolve(parsed);
          else answers.get(parsed.id)?.(parsed);
        }
      });
    });
    const parts = { clusters: first as never, child, folder, answers };
    return new Python(parts);
  }

  /** What Python answers to a command. */
  async run<T = unknown>(op: string, args: object = {}): Promise<T> {
    const id = ++this.#count;
    const answer = await new Promise<Answer>((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        return resolve({ error: "Python has ended" });
      }
      this.#answers.set(id, resolve);
      this.#child.stdin!.write(`${JSON.stringify({ id, op, ...args })}\n`);
    });
    this.#answers.delete(id);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as T;
  }

  /** Ends it, and all its clusters. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.stdin!.end();
      await ended;
    }
    rmSync(this.#folder, { recursive: true });
  }
}

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

function makeCertificate(folder: string): void {
  const names = "subjectAltName=IP:127.0.0.1,DNS:localhost";
  execFileSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"],
    ...["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=brine"],
    ...["-addext", names, "-addext", "basicConstraints=critical,CA:TRUE"],
    ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")],
  ], { stdio: "ignore" });
}
