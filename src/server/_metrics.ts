/** What is counted of one exchange. */
export interface Counted {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly end: string;
  readonly seconds: number;
  readonly received: number;
  readonly sent: number;
}

/** Upper bounds of durations, in seconds. */
const BOUNDS = [0.01, 0.1, 1, 10, 100, 1_000];
/** Others are one: a client can make up any number of them. */
const METHODS = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

interface Durations {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Counters, as text that Prometheus reads: its exposition format 0.0.4. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Durations>();
  readonly #received = new Map<string, number>();
  readonly #sent = new Map<string, number>();

  end(
    { method, route, status, end, seconds, received, sent }: Counted,
  ): void {
    const known = METHODS.has(method) ? method : "other";
    const labels =
      `method="${known}",route="${route}",status="${status}",end="${end}"`;
    const place = `route="${route}"`;
    add(this.#requests, labels, 1);
    add(this.#received, place, received);
    add(this.#sent, place, sent);
    const durations = this.#durations.get(place) ??
      { counts: BOUNDS.map(() => 0), sum: 0, count: 0 };
    this.#durations.set(place, durations);
    BOUNDS.forEach((bound, i) => {
      if (seconds <= bound) durations.counts[i]!++;
    });
    durations.sum += seconds;
    durations.count++;
  }

  /** All that was counted, and how many are under way. */
  text(active: number): string {
    const lines = [
      ...head(
        "brine_requests_in_flight",
        "gauge",
        "Requests under way that take work.",
      ),
      `brine_requests_in_flight ${active}`,
      ...counter("brine_requests_total", "Requests.", this.#requests),
      ...counter(
        "brine_received_bytes_total",
        "Bytes of bodies, as sent.",
        this.#received,
      ),
      ...counter("brine_sent_bytes_total", "Bytes of answers.", this.#sent),
      ...head(
        "brine_request_seconds",
        "histogram",
        "To the last byte of the answer.",
      ),
    ];
    for (const [labels, { counts, sum, count }] of this.#durations) {
      const bucket = (bound: number | string, count: number) =>
        lines.push(
          `brine_request_seconds_bucket{${labels},le="${bound}"} ${count}`,
        );
      BOUNDS.forEach((bound, i) => bucket(bound, counts[i]!));
      bucket("+Inf", count);
      lines.push(`brine_request_seconds_sum{${labels}} ${sum}`);
      lines.push(`brine_request_seconds_count{${labels}} ${count}`);
    }
    return lines.join("\n") + "\n";
  }
}

function add(counts: Map<string, number>, labels: string, count: number): void {
  counts.set(labels, (counts.get(labels) ?? 0) + count);
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function counter(
  name: string,
  help: string,
  counts: ReadonlyMap<string, number>,
): string[] {
  const lines = [...counts].map(([labels, count]) =>
    `${name}{${labels}} ${count}`
  );
  return [...head(name, "counter", help), ...lines];
}
