/**
 * Reads three values out of the middle of a large file on a web server, by HTTP ranges: the end with its index, and the
 * message that holds them, are all that is sent.
 *
 * ```console approx
 * $ bun examples/read_range.ts
 * 200000 values in 7381044 bytes
 * 123456 1970-01-01T00:02:03.456Z
 * 123457 1970-01-01T00:02:03.457Z
 * 123458 1970-01-01T00:02:03.458Z
 * 278638 bytes were sent
 * ```
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { messages, open, urlSource } from "@brine/brine";

interface Reading {
  readonly id: number;
  readonly at: Date;
}

// The file, and a server of it. Any server of files that knows ranges would do.
function* readings(): Generator<Reading> {
  for (let id = 0; id < 200_000; id++) yield { id, at: new Date(id) };
}
const stream = ReadableStream.from(readings())
  .pipeThrough(messages<Reading>().encoder());
const file = new Uint8Array(await new Response(stream).arrayBuffer());
let sent = 0;
const server = createServer(({ method, headers: { range } }, response) => {
  if (method === "HEAD") {
    response.writeHead(200, { "content-length": file.length }).end();
    return;
  }
  const [, start, last] = range!.match(/^bytes=(\d+)-(\d+)$/)!.map(Number);
  const part = file.subarray(start!, last! + 1);
  sent += part.length;
  response.writeHead(206, {
    "content-range": `bytes ${start}-${last}/${file.length}`,
    "content-length": part.length,
  }).end(part);
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const { port } = server.address() as AddressInfo;

const opened = await open<Reading>(urlSource(`http://127.0.0.1:${port}/`));
console.log(`${opened.length} values in ${file.length} bytes`);
for await (const { id, at } of opened.values(123_456, 123_459)) {
  console.log(id, at.toISOString());
}
console.log(`${sent} bytes were sent`);
server.closeAllConnections();
server.close();
