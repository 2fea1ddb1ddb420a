/** A peer, Python for one: a process that takes turns with what is measured. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A script that answers each line with one. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /**
   * Starts it.
   *
   * @param interpreter Python, or a runtime.
   * @param script Its name in this folder.
   * @param options What the interpreter is told before it.
   */
  constructor(
    interpreter: string,
    script: string,
    options: readonly string[] = [],
  ) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    this.#child = spawn(interpreter, [...options, path], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#lines = createInterface({ input: this.#child.stdout! })
      [Symbol.asyncIterator]();
  }

  /** Sends a line, and waits for the answer; none once it has ended. */
  async ask(line: string): Promise<string> {
    this.#child.stdin!.write(line + "\n");
    return (await this.#lines.next()).value ?? "";
  }

  /** Has it end. */
  close(): void {
    this.#child.stdin!.end();
  }
}

/** Whether there is a Python that says so itself, by how it exits. */
export function hasPython(python: string, check: string): boolean {
  return spawnSync(python, ["-c", check]).status === 0;
}
