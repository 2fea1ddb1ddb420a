import { describe, test } from "bun:test";
import { ok } from "node:assert/strict";
import { bundles, sizeOf } from "./sizes.ts";

describe("bundled, minified and gzipped", () => {
  for (const bundle of bundles) {
    const { name, ceiling } = bundle;
    // The bundler is Bun's; what it gives is for every runtime.
    test.skipIf("Deno" in globalThis)(
      `${name}: at most ${ceiling} bytes, and no code is made of text`,
      async () => {
        const { gzipped, makesCode, parts } = await sizeOf(bundle);
        ok(parts.length > 20, "most of it is missing");
        ok(gzipped <= ceiling, `it has ${gzipped}: npm run size tells why`);
        ok(!makesCode, "it evaluates text");
      },
    );
  }
});
