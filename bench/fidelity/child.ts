/** One peer, in a process of its own: `child.ts <peer> [first row]` prints a line of JSON for each row. */
import process from "node:process";
import { rows, runRow } from "./rows.ts";
import { peers } from "./peers.ts";

// What a peer leaves behind it is no concern of the next row.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});

const [name = "", first = "0"] = process.argv.slice(2);
const peer = peers[name];
if (!peer) throw new Error(`there is no peer "${name}"`);
for (const row of rows.slice(Number(first))) {
  const line = JSON.stringify(await runRow(row, peer));
  await new Promise((done) => process.stdout.write(`${line}\n`, done));
}
process.exit(0);
