import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";

/** The browser, where it is installed. */
export const chromium: string | undefined = [
  "chromium",
  "chromium-browser",
  "google-chrome",
].flatMap((command) =>
  (process.env.PATH ?? "").split(delimiter).map((folder) =>
    join(folder, command)
  )
).find(existsSync);

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
  "--hide-scrollbars",
];

type Answer = {
  id?: number;
  method?: string;
  sessionId?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
};

/** The DevTools protocol over a web socket, which every runtime here has. */
class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #listeners: ((message: Answer) => void)[] = [];
  #next = 1;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message: Answer = JSON.parse(String(data));
      if (message.id === undefined) {
        return this.#listeners.forEach((listen) => listen(message));
      }
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) waiting?.reject(new Error(message.error.message));
      else waiting?.resolve(message.result);
    };
  }

  static async to(url: string): Promise<Connection> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`Cannot connect to ${url}`));
    });
    return new Connection(socket);
  }

  // deno-lint-ignore no-explicit-any
  send(method: string, params: object = {}, sessionId?: string): Promise<any> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return waiting.promise;
  }

  listen(listener: (message: Answer) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#socket.close();
  }
}

/** A browser that runs. */
export interface Browser {
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the browser, with a profile of its own. */
export async function launch(command: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "inspector-"));
  const child = spawn(command, [
    ...FLAGS,
    `--user-data-dir=${profile}`,
    "about:blank",
  ], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = new Promise<void>((resolve) =>
    child.once("close", () => resolve())
  );
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      said += chunk;
      const url = said.match(/DevTools listening on (ws:\S+)/)?.[1];
      if (url) resolve(url);
    });
    gone.then(() => reject(new Error(`Chromium ended: ${said.slice(-1_000)}`)));
  });
  const connection = await Connection.to(url);
  return {
    async open(url) {
      const { targetId } = await connection.send("Target.createTarget", {
        url: "about:blank",
      });
      const { sessionId } = await connection.send("Target.attachToTarget", {
        targetId,
        flatten: true,
      });
      const page = new Page(connection, sessionId, targetId);
      await page.begin(url);
      return page;
    },
    async close() {
      connection.close();
      child.kill("SIGKILL");
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A page in the browser. */
export class Page {
  /** What went wrong in it: exceptions, and what its policy forbade. */
  readonly faults: string[] = [];
  readonly #connection: Connection;
  readonly #session: string;
  readonly #target: string;

  constructor(connection: Connection, session: string, target: string) {
    this.#connection = connection;
    this.#session = session;
    this.#target = target;
    connection.listen(({ method, params, sessionId }) => {
      if (sessionId !== session) return;
      if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") {
        this.faults.push(JSON.stringify(params));
      }
    });
  }

  // deno-lint-ignore no-explicit-any
  send(method: string, params?: object): Promise<any> {
    return this.#connection.send(method, params, this.#session);
  }

  async begin(url: string): Promise<void> {
    for (const domain of ["Page", "Runtime", "Log", "DOM"]) {
      await this.send(`${domain}.enable`);
    }
    await this.resize(1280, 860);
    await this.send("Page.navigate", { url });
    await this.until(
      "document.readyState === 'complete' && !!document.querySelector('.app')",
    );
  }

  /** What an expression comes to in the page; a promise is waited for. */
  async evaluate<T = unknown>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(
        `${expression}: ${
          JSON.stringify(exceptionDetails.exception?.description)
        }`,
      );
    }
    return result.value;
  }

  /** Waits until something is true in the page, which looks again whenever it draws. */
  async until(condition: string, patience = 20_000): Promise<void> {
    const seen = await this.evaluate(`new Promise((resolve) => {
      const end = performance.now() + ${patience};
      const look = () => {
        let is = false;
        try { is = !!(${condition}); } catch {}
        if (is || performance.now() > end) resolve(is);
        else setTimeout(look, 15);
      };
      look();
    })`);
    if (!seen) {
      throw new Error(
        `It did not come to be that ${condition}: ${await this.text("body")}`,
      );
    }
  }

  /** The text of what a selector finds first. */
  text(selector: string): Promise<string> {
    return this.evaluate(
      `document.querySelector(${JSON.stringify(selector)})?.innerText ?? ""`,
    );
  }

  resize(width: number, height: number, mobile = false): Promise<unknown> {
    return this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: mobile ? 2 : 1,
      mobile,
    });
  }

  /** Light or dark, and nothing that moves, so that colours are what they will be. */
  scheme(value: "light" | "dark"): Promise<unknown> {
    const features = [
      { name: "prefers-color-scheme", value },
      { name: "prefers-reduced-motion", value: "reduce" },
    ];
    return this.send("Emulation.setEmulatedMedia", { features });
  }

  /** Drags files over the page, and lets go. */
  async drop(...files: string[]): Promise<void> {
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await this.send("Input.dispatchDragEvent", {
        type,
        x: 300,
        y: 300,
        data,
      });
    }
  }

  /** Presses keys, one after the other. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      const [name, modifiers] = key.startsWith("Shift+")
        ? [key.slice(6), 8]
        : [key, 0];
      const text = name.length === 1
        ? name
        : name === "Enter"
        ? "\r"
        : undefined;
      const code = CODES.get(name) ??
        (name.length === 1 ? name.toUpperCase().charCodeAt(0) : 0);
      const common = { key: name, modifiers, windowsVirtualKeyCode: code };
      await this.send("Input.dispatchKeyEvent", {
        type: text ? "keyDown" : "rawKeyDown",
        ...common,
        text,
      });
      await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
    }
  }

  click(selector: string): Promise<unknown> {
    return this.evaluate(
      `document.querySelector(${JSON.stringify(selector)}).click()`,
    );
  }

  /** A picture of the page, as PNG in base64. */
  async screenshot(): Promise<string> {
    return (await this.send("Page.captureScreenshot", { format: "png" })).data;
  }

  async close(): Promise<void> {
    await this.#connection.send("Target.closeTarget", {
      targetId: this.#target,
    });
  }
}

const CODES = new Map([
  ["Tab", 9],
  ["Enter", 13],
  ["Escape", 27],
  ["PageUp", 33],
  ["PageDown", 34],
  ["End", 35],
  ["Home", 36],
  ["ArrowLeft", 37],
  ["ArrowUp", 38],
  ["ArrowRight", 39],
  ["ArrowDown", 40],
]);
