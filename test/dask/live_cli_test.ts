/** With the real Dask: the command line's commands about clusters. */
import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, match } from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loads } from "../../mod.ts";
import { readNpy, writeNpy } from "../../streams/dask/mod.ts";
import { inDirectory, run, runtimes } from "../cli/_run.ts";
import { isBun, Python, versions } from "./_cluster.ts";

// On one runtime: how commands are started on others is tried elsewhere.
const runtime = runtimes.find(({ name }) => name === "bun");
const { name, python } = versions[0]!;
const isMissing = versions[0]!.isMissing || !isBun || !runtime;

describe(`cli dask with Dask ${name}`, () => {
  let peer: Python;
  let address = "";
  if (!isMissing) {
    beforeAll(async () => {
      peer = await Python.start(python, "main=tcp:1", "safe=tls:1");
      ({ address } = peer.clusters.main!);
    });
    afterAll(() => peer?.end());
  }
  const live = (title: string, body: () => Promise<void>) =>
    test.skipIf(isMissing)(title, body, 60_000);
  const dask = (...args: string[]) => run(runtime!, ["dask", ...args]);

  live(
    "puts files, and Python reads them",
    () =>
      inDirectory(async (folder) => {
        const file = (name: string) => join(folder, name);
        await mkdir(folder, { recursive: true });
        const array = new Float32Array([0.5, 1.5]);
        await writeFile(file("array.npy"), writeNpy(array));
        await writeFile(file("rows.ndjson"), '{"i":1}\n{"i":2}\n');
        await writeFile(file("one.json"), '{"a":[1,null]}');
        const npy = await dask("put", address, file("array.npy"));
        deepEqual([npy.code, npy.stdout, npy.stderr], [0, "array\n", ""]);
        await Promise.all([
          dask("put", address, file("rows.ndjson"), "--key", "rows"),
          dask("put", address, file("one.json")),
        ]);
        const read = (key: string) => peer.run("dataset", { key });
        equal(await read("array"), "array([0.5, 1.5], dtype=float32)");
        equal(await read("rows"), "[{'i': 1}, {'i': 2}]");
        equal(await read("one"), "{'a': [1, None]}");
        const [listed, table] = await Promise.all([
          dask("ls", address, "--json"),
          dask("ls", address),
        ]);
        const { keys, datasets } = JSON.parse(listed.stdout);
        const names = keys.map(({ key }: { key: string }) => key);
        deepEqual(names, ["array", "one", "rows"]);
        deepEqual(datasets, ["array", "one", "rows"]);
        match(table.stdout, /^array +\d+ B +tcp:\/\/127/m);
        match(table.stdout, /^dataset rows of 1 key$/m);
        const out = file("out.npy");
        await dask("get", address, "array", out, "--to", "npy");
        const back = readNpy(new Uint8Array(await readFile(out)));
        deepEqual(back.toTypedArray(), array);
        equal((await dask("rm", address, "array")).code, 0);
        equal((await dask("get", address, "array")).code, 4);
      }),
  );

  live("gets values in any format, published or not", async () => {
    await peer.run("put", { key: "frame" });
    await peer.run("many", { key: "parts", count: 2, items: 2 });
    const [json, ndjson, brine, npy, parts, wrong] = await Promise.all([
      dask("get", address, "frame"),
      dask("get", address, "frame", "--to", "ndjson"),
      dask("get", address, "parts-1", "--to", "brine"),
      dask("get", address, "frame", "--to", "npy"),
      dask("get", address, "parts"),
      dask("get", address, "nothing"),
    ]);
    equal(JSON.parse(json.stdout).length, 3);
    deepEqual(JSON.parse(ndjson.stdout.split("\n")[1]!), {
      id: 2,
      name: "ü",
      x: null,
    });
    deepEqual(await loads(brine.bytes), new Float64Array([1, 1]));
    deepEqual([npy.code, npy.stderr], [
      3,
      "brine: Cannot write npy: it is no array\n",
    ]);
    deepEqual(JSON.parse(parts.stdout), [[0, 0], [1, 1]]);
    equal(wrong.code, 4);
    match(wrong.stderr, /^brine: Cannot gather "nothing": the scheduler does/);
  });

  live(
    "is let in by tls, and says when nobody is there",
    () =>
      inDirectory(async (folder) => {
        const { cert, key } = peer.tls;
        const [certFile, keyFile] = [join(folder, "cert"), join(folder, "key")];
        await writeFile(certFile, cert);
        await writeFile(keyFile, key);
        const { address: safe } = peer.clusters.safe!;
        const tls = ["--tls-ca", certFile, "--tls-cert", certFile];
        const listed = await dask("ls", safe, ...tls, "--tls-key", keyFile);
        deepEqual([listed.code, listed.stderr], [0, ""]);
        const refused = await dask("ls", "tcp://127.0.0.1:1");
        equal(refused.code, 1);
        match(
          refused.stderr,
          /^brine: Cannot connect to tcp:\/\/127\.0\.0\.1:1/,
        );
      }),
  );
});
