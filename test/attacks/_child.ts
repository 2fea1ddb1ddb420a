/**
 * Reads every attack in a process of its own, `_child.ts <family>`, and prints a line for each: what came of it, and what
 * it took. Of three times, the shortest counts, since others use the machine as well.
 */
import { encode } from "@msgpack/msgpack";
import process from "node:process";
import { type Bytes, defaultRegistry, type Message } from "../../mod.ts";
import { isOurs } from "../core/_errors.ts";
import { type Attack, attacks } from "./_attacks.ts";

/** What came of an attack. */
export interface Report {
  readonly name: string;
  /** `error` is one of ours, and short; `value` is whatever was read; anything else is what should not be. */
  readonly outcome: "error" | "value" | string;
  readonly ms: number;
  /** How much more memory the process ever had than before. */
  readonly megabytes: number;
  readonly message?: string;
}

/** By as many levels as it has, text is taken to msgpack without recursion only where it is deep. */
function bytesOf(family: string, tree: unknown): Bytes {
  return family === "json"
    ? new TextEncoder().encode(JSON.stringify(tree))
    : new Uint8Array(encode(tree, { maxDepth: 300_000 }));
}

function messageOf(family: string, { tree, frames = [] }: Attack): Message {
  return {
    header: { serializer: family, tagged: true },
    frames: [bytesOf(family, tree), ...frames],
  };
}

function peak(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function attempt(family: string, attack: Attack): Report {
  const { name } = attack;
  let message: Message;
  try {
    message = messageOf(family, attack);
  } catch {
    // The format's own writer cannot: it is too deep for it.
    return { name, outcome: "error", ms: 0, megabytes: 0 };
  }
  const before = peak();
  const { frames: [first, ...frames] } = message;
  let ms = Infinity;
  let outcome = "value";
  let said: string | undefined;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    try {
      defaultRegistry.deserialize({ ...message, frames: [first!, ...frames] });
    } catch (error) {
      said = String(error).slice(0, 200);
      outcome = isOurs(error) ? "error" : said;
    }
    ms = Math.min(ms, performance.now() - start);
  }
  const megabytes = peak() - before;
  return { name, outcome, ms, megabytes, ...said && { message: said } };
}

const family = process.argv[2]!;
const before = Reflect.ownKeys(Object.prototype).join();
// What is compiled once is no attack's.
for (const { name } of attacks) attempt(family, { name, tree: [name] });
for (const attack of attacks) {
  const report = attempt(family, attack);
  console.log(JSON.stringify(report));
}
const clean = Reflect.ownKeys(Object.prototype).join() === before &&
  (Object.prototype as { polluted?: unknown }).polluted === undefined;
const last = { name: "Object.prototype", ms: 0, megabytes: 0 };
console.log(JSON.stringify({ ...last, outcome: clean ? "value" : "changed" }));
