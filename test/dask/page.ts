/** What a page in a browser does with a cluster. */
import { Client, connect } from "../../streams/dask/mod.ts";
import type { NdArray } from "../../src/pickle/values/mod.ts";

async function work(): Promise<object> {
  const client = await Client.connect(`ws://${location.host}`);
  // More than goes into one message of a web socket.
  const data = new Float64Array(2_000_000).fill(0.5);
  await client.scatter({ "from the page": data });
  const [back, python] = await client.gather([
    "from the page",
    "python-0",
  ]) as NdArray[];
  const tcp = await connect("tcp://127.0.0.1:1").catch(({ name }) => name);
  return {
    back: back!.get(1_999_999),
    python: [python!.size, python!.get(199_999)],
    tcp,
  };
}

const told = await work().catch((error) => ({ error: String(error) }));
await fetch("/done", { method: "POST", body: JSON.stringify(told) });
