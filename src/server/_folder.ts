import type { Bytes } from "../../mod.ts";

type Open = (key: string, headers: Headers) => Promise<Response>;

/** As much of `node:fs/promises` as is used here. */
interface FileSystem {
  realpath(path: string | URL): Promise<string>;
  lstat(path: string): Promise<Stat>;
  open(path: string): Promise<Handle>;
}
interface Stat {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly dev: number;
  isFile(): boolean;
}
interface Handle {
  stat(): Promise<Stat>;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

const CHUNK = 64 << 10;

/** The plain files of a folder, not of those in it, nor what links lead to. Keys have been checked. */
export function folderStorage(folder: string | URL): Open {
  const files = fileSystem();
  let root: Promise<string> | undefined;
  const rootOf = () =>
    root ??= files.realpath(folder).catch((error) => {
      // It may yet be made.
      root = undefined;
      throw error;
    });
  return async (key, headers) => {
    const found = await unlessMissing(async () => {
      const path = `${await rootOf()}/${key}`;
      return { path, stat: await files.lstat(path) };
    });
    if (!found?.stat.isFile()) return new Response(null, { status: 404 });
    const { path, stat } = found;
    return respond(() => openSame(files, path, stat), stat, headers);
  };
}

function fileSystem(): FileSystem {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown };
  };
  const files = process?.getBuiltinModule?.("node:fs/promises");
  if (files) return files as FileSystem;
  throw new TypeError("Cannot read a folder: there are no files here");
}

/** No file can have a name that is too long; how long that is, in bytes, the file system knows. */
const MISSING = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

async function unlessMissing<T>(
  look: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== undefined && MISSING.includes(code)) return undefined;
    throw error;
  }
}

/** What is opened has to be what was looked at: a link that has taken its place meanwhile is not followed. */
async function openSame(
  files: FileSystem,
  path: string,
  { ino, dev, size }: Stat,
): Promise<Handle> {
  const handle = await files.open(path);
  const now = await handle.stat();
  const isSame = now.isFile() && now.ino === ino && now.dev === dev;
  if (isSame && now.size >= size) return handle;
  await handle.close();
  throw new Error("The file has changed");
}

/** RFC 9110 §13 and §14, for one range. The file is opened when its bytes are wanted, so that nothing stays open if they never are. */
function respond(
  open: () => Promise<Handle>,
  { size, mtimeMs, ino }: Stat,
  asked: Headers,
): Response {
  const etag = `"${[size, mtimeMs * 1_000, ino].map(hex).join("-")}"`;
  const headers = new Headers({ etag, "accept-ranges": "bytes" });
  if (hasTag(asked.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  const isSame = (asked.get("if-range") ?? etag) === etag;
  const range = isSame ? rangeOf(asked.get("range"), size) : undefined;
  if (range === "none") {
    headers.set("content-range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const [start, end] = range ?? [0, size];
  headers.set("content-length", String(end - start));
  if (range) {
    headers.set("content-range", `bytes ${start}-${end - 1}/${size}`);
  }
  const body = bytesOf(open, start, end);
  return new Response(body, { status: range ? 206 : 200, headers });
}

/** Whether a tag is one of a list, RFC 9110 §13.1.2. Tags of ours have no comma in them. */
function hasTag(list: string | null, tag: string): boolean {
  return list?.split(",").some((each) => {
    const known = each.trim().replace(/^W\//, "");
    return known === tag || known === "*";
  }) ?? false;
}

const hex = (number: number) => Math.floor(number).toString(16);

/** The first byte and the one after the last; or that there are none. What is no single range may be passed over. */
function rangeOf(
  header: string | null,
  size: number,
): readonly [number, number] | "none" | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? "") ??
    [];
  if (first === undefined || last === undefined) return undefined;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const start = Math.max(0, size - Number(last));
    return start < size ? [start, size] : "none";
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(size, Number(last) + 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start < size ? [start, end] : "none";
}

function bytesOf(
  open: () => Promise<Handle>,
  start: number,
  end: number,
): ReadableStream<Bytes> {
  let handle: Handle | undefined;
  let cancelled = false;
  let position = start;
  return new ReadableStream<Bytes>({
    async pull(controller) {
      if (position === end) return controller.close();
      handle ??= await open();
      if (cancelled) return await handle.close();
      const chunk = new Uint8Array(Math.min(CHUNK, end - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      position += bytesRead;
      if (bytesRead > 0) controller.enqueue(chunk.subarray(0, bytesRead));
      if (position < end && bytesRead > 0) return;
      await handle.close();
      if (position === end) controller.close();
      // Somebody has made it shorter: the answer must not look whole.
      else controller.error(new Error("The file ended early"));
    },
    cancel() {
      // While it is being opened, there is nothing to close yet.
      cancelled = true;
      return handle?.close();
    },
  }, { highWaterMark: 0 });
}
