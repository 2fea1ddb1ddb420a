/** What somebody's program does who has the package from a registry: something with every entry but the command line. */
import {
  codecs,
  dumps,
  loads,
  messages,
  ndjson,
  type Stage,
  zstd,
} from "@brine/brine";
import * as dask from "@brine/brine/dask";
import { inspector } from "@brine/brine/inspector";
import * as pickle from "@brine/brine/pickle";
import { serializer } from "@brine/brine/prefect";
import { createApp } from "@brine/brine/server";
import { frames } from "@brine/brine/streams";

interface Reading {
  readonly id: number;
  readonly at: Date;
  readonly tags: Set<string>;
}

function same(what: string, got: unknown, want: unknown): void {
  if (JSON.stringify(got) === JSON.stringify(want)) return;
  throw new Error(`${what}: ${JSON.stringify(got)}`);
}

const reading: Reading = { id: 1, at: new Date(0), tags: new Set(["a"]) };

const stage: Stage<Reading, Uint8Array<ArrayBuffer>> = messages<Reading>({
  codec: zstd(),
});
const back: Reading = await loads<Reading>(
  await dumps<Reading>(reading, stage),
  stage,
);
same("a date", back.at.getTime(), 0);
same("a set", [...back.tags], ["a"]);
same("frames", frames().name, "frames");

const text = new TextEncoder().encode("brine ".repeat(5_000));
for (const codec of codecs()) {
  const stream = new Blob([text]).stream() as ReadableStream<
    Uint8Array<ArrayBuffer>
  >;
  const decoded = stream.pipeThrough(codec.encoder())
    .pipeThrough(codec.decoder());
  same(codec.name, (await new Response(decoded).text()).length, text.length);
}

same("a pickle", pickle.loads(pickle.dumps([1, "two", null])), [
  1,
  "two",
  null,
]);
const message = dask.dumps({ op: "ping", reply: true });
same("a message of Dask", dask.loads(message), { op: "ping", reply: true });

const result = serializer({ type: "compressed/json" });
same("a result of Prefect", await result.loads(await result.dumps([1.5])), [
  1.5,
]);

const response = await createApp().request(
  "/convert?from=ndjson&to=json-array",
  { method: "POST", body: '{"id":1}\n{"id":2}\n' },
);
same("a converted body", await response.json(), [{ id: 1 }, { id: 2 }]);
same("a format", ndjson().name, "ndjson");
same("a page", (await inspector().request("/")).status, 200);
console.log("all works");
