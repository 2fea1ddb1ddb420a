/** A Python process that answers questions about pickles, for as long as the tests run. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const PYTHON = process.env.BRINE_PYTHON ?? "python3";
const SCRIPT = fileURLToPath(new URL("python_child.py", import.meta.url));

/** Whether there is a Python that is new enough to be compared with. */
export const hasPython: boolean = (() => {
  const check =
    "import sys, pickle, resource; sys.exit(sys.version_info < (3, 8))";
  try {
    return spawnSync(PYTHON, ["-c", check]).status === 0;
  } catch {
    return false;
  }
})();

/** What of the description of a value is known here: lists that begin with a letter. */
export type Description = readonly [string, ...unknown[]];

/** A value that Python made: what it is, and its pickles by some of the protocols. */
export interface Made {
  readonly desc: Description;
  readonly pickles: Readonly<Record<string, string>>;
}

export class Python {
  readonly #child: ChildProcess;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** Of each question that has no answer yet, in order. */
  readonly #answers: ((bytes: Uint8Array) => void)[] = [];

  constructor() {
    this.#child = spawn(PYTHON, ["-X", "utf8", SCRIPT], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout!.on("data", (chunk: Uint8Array) => this.#take(chunk));
  }

  /** Sends a command and its arguments, and waits for the answer; several are answered in turn. */
  async ask<T>(...message: unknown[]): Promise<T> {
    const body = new TextEncoder().encode(JSON.stringify(message));
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, body.length, true);
    const answer = new Promise<Uint8Array>((resolve) =>
      this.#answers.push(resolve)
    );
    this.#child.stdin!.write(head);
    this.#child.stdin!.write(body);
    return JSON.parse(new TextDecoder().decode(await answer)) as T;
  }

  close(): void {
    this.#child.stdin!.end();
    this.#child.kill();
  }

  #take(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#next());
  }

  /** Gives out an answer, if a whole one is there. */
  #next(): boolean {
    if (this.#length < 4) return false;
    const first = this.#chunks[0]!.length < 4 ? this.#join() : this.#chunks[0]!;
    const length = new DataView(first.buffer, first.byteOffset).getUint32(
      0,
      true,
    );
    if (this.#length < 4 + length) return false;
    const whole = this.#join();
    this.#chunks = [whole.subarray(4 + length)];
    this.#length -= 4 + length;
    this.#answers.shift()!(whole.subarray(4, 4 + length));
    return true;
  }

  #join(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [whole];
    return whole;
  }
}
