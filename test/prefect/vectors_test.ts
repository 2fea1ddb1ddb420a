import { describe, test } from "bun:test";
import { ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { checks } from "../vectors/_check_prefect.ts";

const FILE = new URL("../vectors/prefect/vectors.json", import.meta.url);
const all = [...checks(JSON.parse(readFileSync(FILE, "utf8")))];

describe("golden vectors of Prefect", () => {
  test("are found", () => ok(all.length > 180));
  for (const { name, run } of all) test(name, run);
});
