/** A line of a log, as many have them: about 300 bytes of JSON. */
export interface LogRecord {
  readonly id: number;
  readonly time: string;
  readonly level: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly duration: number;
  readonly bytes: number;
  readonly user: { id: number; name: string; city: string };
  readonly tags: readonly string[];
  readonly message: string;
}

const LEVELS = ["debug", "info", "info", "info", "warn", "error"];
const METHODS = ["GET", "GET", "GET", "POST", "PUT", "DELETE"];
const THINGS = ["orders", "users", "invoices", "carts", "sessions", "images"];
const NAMES = [
  "Ada",
  "Émile",
  "Grace",
  "李娜",
  "Noor",
  "Søren",
  "Tomás",
  "Zoë",
];
const CITIES = ["Bergen", "Cádiz", "Kraków", "Lagos", "Osaka", "Quito"];
const TAGS = ["a", "beta", "cached", "eu-west", "retry", "slow", "v2"];
const STATUSES = [200, 200, 200, 201, 204, 301, 404, 500];
const EPOCH = Date.UTC(2026, 0, 1);

/** The record of a number: always the same. */
export function recordAt(id: number): LogRecord {
  const random = randomFrom(id);
  const pick = <T>(list: readonly T[]) => list[random() % list.length]!;
  const path = `/api/v1/${pick(THINGS)}/${random() % 1_000_000}`;
  const method = pick(METHODS);
  return {
    id,
    time: new Date(EPOCH + id * 37).toISOString(),
    level: pick(LEVELS),
    host: `web-${random() % 40}.example.com`,
    method,
    path,
    status: pick(STATUSES),
    duration: (random() % 1_000_000) / 1000,
    bytes: random() % 100_000,
    user: { id: random() % 50_000, name: pick(NAMES), city: pick(CITIES) },
    tags: [pick(TAGS), pick(TAGS)],
    message: `${method} ${path} took its time: "${pick(TAGS)}"`,
  };
}

/** Numbers that look random, the same for the same seed: splitmix32. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}
