/**
 * Posts NDJSON without end, as fast as it is taken, and reads what comes back at so many bytes a second; then tells how many went
 * each way. On Node, whoever serves.
 *
 *     node bench/_slow_client.mjs URL BYTES_PER_SECOND SECONDS
 */
import { request } from "node:http";
import process from "node:process";

const [url, rate, seconds] = process.argv.slice(2);
/** So often it reads. */
const TIMES = 20;
const share = Math.ceil(Number(rate) / TIMES);

let text = "";
for (let id = 0; text.length < 65_536; id++) {
  text += `{"id":${id},"name":"station ${id * 7919 % 1000}","at":${id / 7}}\n`;
}
const chunk = new TextEncoder().encode(text);

let posted = 0;
let received = 0;
/** What was posted when half of the time had gone: after that, nothing fills any more. */
let early = 0;
const upload = request(url, {
  method: "POST",
  highWaterMark: 0,
  headers: { "content-type": "application/x-ndjson" },
});
const post = () => {
  do posted += chunk.length; while (upload.write(chunk));
};
upload.on("drain", post);
upload.on("error", () => {});
upload.on("response", (response) => {
  const reads = setInterval(() => {
    received += (response.read(share) ?? response.read())?.length ?? 0;
  }, 1_000 / TIMES);
  setTimeout(() => early = posted - received, Number(seconds) * 500);
  setTimeout(() => {
    clearInterval(reads);
    const { statusCode: status } = response;
    const ahead = posted - received;
    process.stdout.write(
      JSON.stringify({ status, posted, received, early, ahead }) + "\n",
      () => process.exit(),
    );
  }, Number(seconds) * 1_000);
});
post();
