/** Is over when everything that could go on at once has done so. */
export class Tick {
  readonly over: Promise<undefined>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  #resolve!: (over: undefined) => void;

  constructor() {
    this.over = new Promise((resolve) => this.#resolve = resolve);
  }

  start(): void {
    this.#timer = setTimeout(() => this.#resolve(undefined), 0);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
