import { equal, match, ok } from "node:assert/strict";
import { describe, test } from "bun:test";
import { type Bytes, formatOf, formats, RemoteError } from "../../mod.ts";
import { createApp } from "../../src/server/mod.ts";
import {
  bytesOf,
  counted,
  errorOf,
  pause,
  post,
  until,
  utf8,
} from "./_helpers.ts";

const app = createApp();
const names = formats.map(({ name }) => name)
  .filter((name) => !["npy", "npz"].includes(name));
/** Formats whose answers begin before the body has ended. */
const streamed = names.filter((name) => name !== "json");
/** 64 KiB of NDJSON. */
const LINES = utf8('{"id":1234567}\n'.repeat(4_369));

async function read(
  name: string,
  bytes: Bytes,
): Promise<{ values: number; error: unknown }> {
  let values = 0;
  const stream = new Blob([bytes]).stream() as ReadableStream<Bytes>;
  try {
    await stream.pipeThrough(formatOf(name).batches().decoder()).pipeTo(
      new WritableStream({
        write: ({ length }) => {
          values += length;
        },
      }),
    );
    return { values, error: undefined };
  } catch (error) {
    return { values, error };
  }
}

describe("a failure after the answer has begun", () => {
  /** Good lines until the answer has begun, and then a bad one. */
  function failingLater(begun: Promise<unknown>) {
    return counted(async (i) => {
      if (i < 4) return LINES;
      await begun;
      return utf8('{"id":?}\n');
    });
  }

  async function convert(
    to: string,
  ): Promise<[Response, Promise<{ bytes: Bytes; error: unknown }>]> {
    let begin!: () => void;
    const source = failingLater(
      new Promise<void>((resolve) => begin = resolve),
    );
    const response = await post(
      app,
      `/convert?from=ndjson&to=${to}`,
      source.stream,
    );
    equal(response.status, 200);
    const reader = response.body!.getReader();
    const all = async () => {
      const chunks: Bytes[] = [];
      let error: unknown;
      try {
        for (
          let chunk = await reader.read();
          !chunk.done;
          chunk = await reader.read()
        ) {
          chunks.push(chunk.value as Bytes);
          begin();
        }
      } catch (thrown) {
        error = thrown;
      }
      return {
        bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()),
        error,
      };
    };
    return [response, all()];
  }

  for (const to of ["brine", "lines"]) {
    test(`${to} ends well, with the error as its last message`, async () => {
      const [, answer] = await convert(to);
      const { bytes, error } = await answer;
      equal(error, undefined);
      const told = await read(to, bytes);
      ok(told.values > 0);
      ok(told.error instanceof RemoteError);
      match(told.error.message, /ndjson at byte 262146/);
      const verified = await post(app, `/verify?from=${to}`, bytes);
      equal((await errorOf(verified))[1], "RemoteError");
    });
  }

  for (
    const to of streamed.filter((name) => !["brine", "lines"].includes(name))
  ) {
    test(`${to} breaks off`, async () => {
      const [, answer] = await convert(to);
      const { bytes, error } = await answer;
      ok(bytes.length > 0);
      ok(error instanceof Error);
    });
  }

  test("a failure of the server is told without details", async () => {
    const seen: unknown[] = [];
    const telling = createApp({ onError: (error) => seen.push(error) });
    const secret = new Error("the password is swordfish");
    const { stream } = counted(async (i) => {
      if (i < 6) return LINES;
      await pause(40);
      throw secret;
    });
    const response = await post(
      telling,
      "/convert?from=ndjson&to=lines",
      stream,
    );
    const { error } = await read("lines", await bytesOf(response));
    ok(error instanceof RemoteError);
    equal(error.message, "The server failed");
    equal(seen[0], secret);
  });

  test("an error before the first message is a status, though the wire has begun", async () => {
    for (const to of ["brine", "lines"]) {
      const body = counted((i) => utf8(i === 0 ? "\n" : "?\n")).stream;
      const response = await post(app, `/convert?from=ndjson&to=${to}`, body);
      equal((await errorOf(response))[0], 400);
    }
  });
});

describe("flow", () => {
  test("answers begin while the body is still coming", async () => {
    for (const to of streamed) {
      let end!: () => void;
      const ending = new Promise<undefined>((resolve) =>
        end = () => resolve(undefined)
      );
      const { stream } = counted((i) => i < 2 ? LINES : ending);
      const response = await post(app, `/convert?from=ndjson&to=${to}`, stream);
      const reader = response.body!.getReader();
      ok(!(await reader.read()).done);
      end();
      while (!(await reader.read()).done);
    }
  });

  test("a reader that stands still holds the source back", async () => {
    for (const to of streamed) {
      for (const compress of ["", "&compress=zstd"]) {
        const source = counted(() => LINES);
        const response = await post(
          app,
          `/convert?from=ndjson&to=${to}${compress}`,
          source.stream,
        );
        const reader = response.body!.getReader();
        await reader.read();
        await pause(100);
        const { pulled } = source;
        ok(pulled < 100, `${to}${compress}: ${pulled} chunks`);
        await pause(100);
        ok(source.pulled - pulled <= 1, `${to}${compress}: still pulling`);
        await reader.cancel();
      }
    }
  });

  test("30 MB pass in pieces", async () => {
    for (const to of ["brine", "lines", "json-array"]) {
      const chunks = 480;
      let largest = 0;
      let pieces = 0;
      const source = counted((i) => i < chunks ? LINES : undefined);
      const response = await post(
        app,
        `/convert?from=ndjson&to=${to}&compress=zstd`,
        source.stream,
      );
      for await (
        const chunk of response.body as unknown as AsyncIterable<Bytes>
      ) {
        largest = Math.max(largest, chunk.length);
        pieces++;
      }
      equal(source.pulled, chunks + 1);
      ok(largest < 2 ** 21, `${to}: a chunk of ${largest}`);
      ok(pieces > 3);
    }
  });

  test("a reader that goes away cancels the source", async () => {
    for (const to of streamed) {
      const source = counted(() => LINES);
      const response = await post(
        app,
        `/convert?from=ndjson&to=${to}`,
        source.stream,
      );
      const reader = response.body!.getReader();
      await reader.read();
      await reader.cancel("enough");
      await until(() => source.cancelled !== undefined);
      const { pulled } = source;
      await pause(50);
      equal(source.pulled, pulled);
    }
  });

  test("so does one of /inspect", async () => {
    const ndjson = counted((i) => i < 100 ? LINES : undefined).stream;
    const brine = await bytesOf(
      await post(app, "/convert?from=ndjson&to=brine", ndjson),
    );
    const source = counted((i) => brine.subarray(i * 1_000, (i + 1) * 1_000));
    const response = await post(app, "/inspect", source.stream);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel("enough");
    await until(() => source.cancelled !== undefined);
    ok(source.pulled < 1_000);
  });

  test("an error cancels the source", async () => {
    for (
      const path of [
        "/convert?from=ndjson&to=brine",
        "/verify?from=ndjson",
        "/inspect",
      ]
    ) {
      const source = counted(() =>
        utf8("???????????????????????????????????????????\n")
      );
      const response = await post(app, path, source.stream);
      ok([400, 413].includes(response.status));
      await until(() => source.cancelled !== undefined);
    }
  });

  test("a gzip bomb is not taken in whole", async () => {
    const limited = createApp({ maxDecodedBytes: 1e6 });
    const blanks = counted((i) =>
      i < 1_000 ? new Uint8Array(64 << 10).fill(0x20) : undefined
    );
    const bomb = blanks.stream.pipeThrough(
      new CompressionStream("gzip"),
    ) as ReadableStream<Bytes>;
    const response = await post(
      limited,
      "/convert?from=ndjson&to=ndjson",
      bomb,
      { "content-encoding": "gzip" },
    );
    equal((await errorOf(response))[0], 413);
  });
});
