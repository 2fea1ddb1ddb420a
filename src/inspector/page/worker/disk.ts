/// <reference lib="dom" />
import type { Bytes } from "../../../types.ts";

/** As much of a browser's own files as is used here; they are newer than some lists of types. */
interface Handle {
  read(bytes: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  close(): void;
}
interface Entry {
  createSyncAccessHandle(): Promise<Handle>;
  getFile(): Promise<File>;
}
interface Folder {
  getDirectoryHandle(
    name: string,
    options?: { create: boolean },
  ): Promise<Folder>;
  getFileHandle(name: string, options: { create: boolean }): Promise<Entry>;
  removeEntry(name: string, options?: { recursive: boolean }): Promise<void>;
  keys(): AsyncIterable<string>;
}

/** Of folders here, so that those of pages that are gone are known. */
const PREFIX = "brine-inspector-";
let folder: Promise<Folder | undefined> | undefined;
let made = 0;

/** A file on disk that nobody but this page sees, and that is gone with it. */
export class DiskFile {
  length = 0;
  readonly #folder: Folder;
  readonly #name: string;
  readonly #entry: Entry;
  readonly #handle: Handle;

  private constructor(
    folder: Folder,
    name: string,
    entry: Entry,
    handle: Handle,
  ) {
    this.#folder = folder;
    this.#name = name;
    this.#entry = entry;
    this.#handle = handle;
  }

  /** A new one; `undefined` where the browser has none to give, as it does over plain HTTP. */
  static async create(): Promise<DiskFile | undefined> {
    try {
      const place = await (folder ??= openFolder());
      if (!place) return undefined;
      const name = String(made++);
      const entry = await place.getFileHandle(name, { create: true });
      return new DiskFile(
        place,
        name,
        entry,
        await entry.createSyncAccessHandle(),
      );
    } catch {
      return undefined;
    }
  }

  /** Adds bytes at the end. */
  write(bytes: Bytes): void {
    for (let at = 0; at < bytes.length;) {
      at += this.#handle.write(bytes.subarray(at), { at: this.length + at });
    }
    this.length += bytes.length;
  }

  read(from: number, to: number): Bytes {
    const bytes = new Uint8Array(Math.max(0, Math.min(to, this.length) - from));
    this.#handle.read(bytes, { at: from });
    return bytes;
  }

  /** Nothing more comes: all of it as a file, whose bytes stay on disk. */
  async finish(): Promise<File> {
    this.#handle.close();
    return await this.#entry.getFile();
  }

  /** Deletes it. */
  async remove(): Promise<void> {
    this.#handle.close();
    await this.#folder.removeEntry(this.#name).catch(() => {});
  }
}

/** A folder of this page's own. Those whose pages are gone are deleted. */
async function openFolder(): Promise<Folder | undefined> {
  const { storage, locks } = navigator;
  if (!storage?.getDirectory || !locks) return undefined;
  const root = await storage.getDirectory() as unknown as Folder;
  const name = `${PREFIX}${crypto.randomUUID()}`;
  // Held as long as the page is there.
  await new Promise<void>((resolve) => {
    locks.request(name, () => {
      resolve();
      return new Promise(() => {});
    });
  });
  sweep(root, locks).catch(() => {});
  return await root.getDirectoryHandle(name, { create: true });
}

async function sweep(root: Folder, locks: LockManager): Promise<void> {
  const names: string[] = [];
  for await (const name of root.keys()) {
    if (name.startsWith(PREFIX)) names.push(name);
  }
  for (const name of names) {
    await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await root.removeEntry(name, { recursive: true });
    });
  }
}
