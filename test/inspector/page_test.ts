import { afterAll, beforeAll, describe, test } from "bun:test";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  blobSource,
  brotli,
  type Bytes,
  defaultRegistry,
  dumps,
  frames,
  gzip,
  type Message,
  messages,
  open,
  pipe,
} from "../../mod.ts";
import { collect, streamOf } from "../../streams/_collect.ts";
import { concat } from "../../src/bytes.ts";
import {
  dropAndRead,
  type Lab,
  missing,
  openLab,
  untilRead,
  violations,
} from "./_page.ts";

const records = Array.from({ length: 12_000 }, (_, id) => ({
  id,
  at: new Date(id * 1_000),
  wave: Math.sin(id / 100),
  big: BigInt(id),
}));

async function encoded(values: readonly unknown[]): Promise<Bytes> {
  return concat(
    await collect(streamOf(values).pipeThrough(messages().encoder())),
  );
}

/** Where the messages of a stream begin. */
async function offsetsOf(bytes: Bytes): Promise<number[]> {
  const { PackedMessageStream } = await import("../../mod.ts");
  const packed = await collect(
    streamOf([bytes]).pipeThrough(new PackedMessageStream()),
  );
  return packed.map(({ offset }) => offset);
}

/** The same message again and again, so that there is much to read and little to make. */
function* manyMessages(count: number): Generator<Message> {
  const message = defaultRegistry.serialize(new Uint8Array(250_000));
  for (let i = 0; i < count; i++) yield message;
}

if (missing) console.log(`skipped: test/inspector/page_test.ts (${missing})`);

describe("the inspector in Chromium", () => {
  let lab: Lab;
  const put = async (name: string, bytes: Uint8Array) =>
    await writeFile(join(lab.folder, name), bytes);
  const check = (name: string, body: (lab: Lab) => Promise<void>) =>
    test.skipIf(missing !== "")(name, async () => {
      await body(lab);
      deepEqual(lab.page.faults.splice(0), []);
    }, 60_000);

  beforeAll(async () => {
    if (!missing) lab = await openLab();
  });
  afterAll(async () => await lab?.close());

  check(
    "keeps nobody out before anything is open, in light and in dark",
    async ({ page }) => {
      const colour = "getComputedStyle(document.body).backgroundColor";
      await page.scheme("light");
      deepEqual(await violations(page), []);
      const light = await page.evaluate(colour);
      await page.scheme("dark");
      deepEqual(await violations(page), []);
      ok(light !== await page.evaluate(colour));
      await page.scheme("light");
    },
  );

  check("decodes a file that is dropped", async ({ page }) => {
    await put("records.brine", await encoded(records));
    await dropAndRead(lab, "records.brine");
    match(await page.text(".stats"), /12,000/);
    match(
      await page.text(".status"),
      /^Whole: every message has the right checksum/,
    );
    match(await page.text(".detail"), /at: 1970-01-01T00:00:00.000Z/);
    await page.until(
      "/json\\s+types/.test(document.querySelector('#row-1')?.innerText)",
    );
  });

  check("is used by the keyboard", async ({ page }) => {
    await page.evaluate("document.querySelector('[role=grid]').focus()");
    await page.press("ArrowDown");
    await page.until(
      "document.querySelector('.detail h2')?.textContent.startsWith('2')",
    );
    equal(
      await page.evaluate(
        "document.querySelector('[role=grid]').getAttribute('aria-activedescendant')",
      ),
      "row-2",
    );
    await page.until("document.querySelector('[role=treeitem]')");
    await page.press("Enter");
    await page.until("document.activeElement.getAttribute('role') === 'tree'");
    await page.press("ArrowDown", "ArrowRight");
    await page.until(
      "document.querySelector('[role=treeitem][aria-level=\"2\"]')",
    );
    match(await page.text("[role=tree]"), /big:\s+\d+n/);
    const outline = "getComputedStyle(document.activeElement).outlineStyle";
    equal(await page.evaluate(outline), "solid");
    await page.press("Shift+Tab");
    equal(await page.evaluate("document.activeElement.textContent"), "Values");
    await page.press("ArrowRight");
    await page.until(
      "document.querySelector('[role=table] [role=row][aria-rowindex=\"2\"]')",
    );
    await page.press("ArrowRight");
    await page.until("document.querySelectorAll('.plot').length === 4");
    match(await page.text(".plots"), /wave[\s\S]*min\s+-/);
  });

  check(
    "keeps nobody out of what is open, in light and in dark",
    async ({ page }) => {
      for (const tab of ["plots", "table", "structure", "bytes", "values"]) {
        await page.click(`#tab-${tab}`);
        await page.until(
          `document.querySelector('#panel').getAttribute('aria-labelledby') === 'tab-${tab}' && document.querySelector('#panel').firstElementChild`,
        );
        deepEqual(await violations(page), [], tab);
      }
      await page.scheme("dark");
      deepEqual(await violations(page), []);
      await page.scheme("light");
    },
  );

  check(
    "tells which messages are damaged, and reads on behind them",
    async ({ page }) => {
      const bytes = await encoded(records);
      const offsets = await offsetsOf(bytes);
      // In a frame, and in the lengths of another.
      bytes[offsets[1]! + 5_000]! ^= 1;
      bytes.fill(0xff, offsets[3]!, offsets[3]! + 40);
      await put("damaged.brine", bytes);
      await dropAndRead(lab, "damaged.brine");
      equal(await page.text(".status"), "Damaged in 2 places");
      const list = await page.text(".damages");
      const at = (place: number) => place.toLocaleString("en-US");
      match(
        list,
        new RegExp(`byte ${at(offsets[1]!)}, row 1\\s+.*wrong checksum`),
      );
      match(
        list,
        new RegExp(
          `byte ${at(offsets[3]!)}, row 3\\s+.*no message begins like this`,
        ),
      );
      await page.press("d");
      await page.until(
        "document.querySelector('.virtual-row[aria-selected=true]')?.id === 'row-3'",
      );
      match(await page.text(".virtual-row[aria-selected=true]"), /damaged/);
      await page.until(
        "/json/.test(document.querySelector('#row-4')?.innerText)",
      );
      deepEqual(await violations(page), []);
      // What is written of it does not look like all of it.
      await page.press("c");
      await page.until("document.querySelector('dialog').open");
      await page.evaluate(
        "document.querySelector('dialog [name=format]').value = 'lines'",
      );
      await page.click("dialog .primary");
      await page.until("document.querySelector('.result a')");
      match(await page.text(".result"), /damaged in 2 places/);
      await page.press("Escape");
      await page.until("!document.querySelector('dialog').open");
    },
  );

  check("tells a stream that was cut", async ({ page }) => {
    const bytes = await encoded(records);
    await put("cut.brine", bytes.subarray(0, -10));
    await dropAndRead(lab, "cut.brine");
    match(await page.text(".damages"), /the input ends within a message/);
  });

  check("shows pickles, with tables and plots of pandas", async ({ page }) => {
    const vectors = JSON.parse(
      await readFile(
        new URL(
          "../vectors/pickle/python3.11_numpy2.3_pandas2.3.json",
          import.meta.url,
        ),
        "utf8",
      ),
    );
    const { pickles } = vectors.values.find(({ id }: { id: string }) =>
      id === "pd/dataframe"
    );
    const text = Object.values(pickles).at(-1) as string;
    await put(
      "frame.pkl",
      Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
    );
    await dropAndRead(lab, "frame.pkl");
    match(await page.text(".detail"), /DataFrame\(\d+ × 5\)/);
    match(await page.text(".notes"), /known names: .*pandas/);
    await page.click("#tab-table");
    await page.until(
      "document.querySelector('[role=table] [role=row][aria-rowindex=\"2\"]')",
    );
    match(await page.text("[role=table]"), /index\s+i\s+f\s+s\s+b\s+t/);
    await page.click("#tab-plots");
    await page.until("document.querySelectorAll('.plot').length >= 3");
    await page.click("#tab-values");
  });

  check("converts, and what it saves is right", async ({ page }) => {
    const lines = records.map(({ id, wave }) => JSON.stringify({ id, wave }))
      .join("\n");
    const stream = new Blob([lines]).stream().pipeThrough(gzip().encoder());
    await put("lines.ndjson.gz", await new Response(stream).bytes());
    await dropAndRead(lab, "lines.ndjson.gz");
    match(await page.text(".stats"), /ndjson\s+in gzip/);
    const saved = join(lab.folder, "saved");
    await mkdir(saved);
    await page.send("Page.setDownloadBehavior", {
      behavior: "allow",
      downloadPath: saved,
    });
    await page.press("c");
    await page.until("document.querySelector('dialog').open");
    deepEqual(await violations(page), []);
    await page.click("dialog .primary");
    await page.until("document.querySelector('.result a')");
    equal(
      await page.evaluate("document.querySelector('.result a').download"),
      "lines.brine",
    );
    const path = join(saved, "lines.brine");
    for (let i = 0; i < 200 && !existsSync(path); i++) {
      await page.evaluate("new Promise(requestAnimationFrame)");
    }
    const opened = await open<{ wave: number }>(
      blobSource(new Blob([await readFile(path)])),
    );
    equal(opened.length, records.length);
    const [last] = await collect(opened.values(records.length - 1));
    equal(last!.wave, records.at(-1)!.wave);
    await page.press("Escape");
    await page.until("!document.querySelector('dialog').open");
  });

  check(
    "reads what is large in bounded time, and can be stopped",
    async ({ page, folder }) => {
      const wire = pipe(frames());
      const parts = await collect(
        streamOf(manyMessages(400)).pipeThrough(wire.encoder()),
      );
      await put("large.brine", concat(parts));
      // As soon as it begins, since it does not take long.
      await page.evaluate(`(() => {
        const observer = new MutationObserver(() => {
          const status = document.querySelector(".status");
          if (!status?.textContent.startsWith("Reading")) return;
          observer.disconnect();
          document.querySelector(".progress-bar button").click();
        });
        observer.observe(document.body, { childList: true, subtree: true });
      })()`);
      await page.drop(join(folder, "large.brine"));
      await page.until(
        "document.querySelector('.status').textContent.startsWith('Cancelled')",
      );
      await dropAndRead(lab, "large.brine");
      match(await page.text(".status"), /^Whole/);
      equal(
        await page.evaluate(
          "document.querySelector('[role=grid]').getAttribute('aria-rowcount')",
        ),
        "403",
      );
      ok(
        await page.evaluate<number>(
          "document.querySelectorAll('.rows [role=row]').length",
        ) < 60,
      );
      await page.evaluate("document.querySelector('[role=grid]').focus()");
      await page.press("End");
      await page.until("document.querySelector('#row-401')");
    },
  );

  check(
    "tells a format by the name in a URL, whatever its query",
    async ({ page, url }) => {
      const lines = new TextEncoder().encode('{"a":1}\n{"a":2}\n');
      const stream = streamOf([lines]).pipeThrough(brotli().encoder());
      await put("lines.ndjson.br", concat(await collect(stream)));
      await page.click(".brand");
      await page.until("document.querySelector('.url input')");
      await page.evaluate(
        `document.querySelector('.url input').value = ${
          JSON.stringify(`${url}files/lines.ndjson.br?signature=a/b`)
        }`,
      );
      await page.click(".url button");
      await untilRead(page, "lines.ndjson.br ");
      match(await page.text(".stats"), /in brotli/);
    },
  );

  check("says why a URL may not be had", async ({ page }) => {
    await page.click(".brand");
    await page.until("document.querySelector('.url input')");
    await page.evaluate(
      "document.querySelector('.url input').value = 'http://127.0.0.1:9/x'",
    );
    await page.click(".url button");
    await page.until("/CORS/.test(document.body.innerText)");
    page.faults.length = 0;
  });

  check("opens a URL", async ({ page, url }) => {
    await put("hello.brine", await dumps({ hello: "URL" }));
    await page.click(".brand");
    await page.until("document.querySelector('.url input')");
    await page.evaluate(
      `document.querySelector('.url input').value = ${
        JSON.stringify(`${url}files/hello.brine`)
      }`,
    );
    await page.click(".url button");
    await untilRead(page, "hello.brine");
    match(await page.text(".detail"), /hello: "URL"/);
  });

  check("fits on a phone", async ({ page }) => {
    await page.resize(390, 844, true);
    const overflows = "document.documentElement.scrollWidth > innerWidth";
    await page.until("document.querySelector('.rows [role=row][id]')");
    equal(await page.evaluate(overflows), false);
    deepEqual(await violations(page), []);
    await page.click("#row-1");
    await page.until(
      "getComputedStyle(document.querySelector('.detail')).display !== 'none'",
    );
    equal(await page.evaluate(overflows), false);
    deepEqual(await violations(page), []);
    await page.click(".back");
    await page.until(
      "getComputedStyle(document.querySelector('.detail')).display === 'none'",
    );
    await page.resize(1280, 860);
  });
});
