/** Every stage: what it encodes comes back, however its bytes are cut. */
import { same } from "../core/_same.ts";
import {
  contentOf,
  cutItems,
  encodeRow,
  through,
} from "../streams/_helpers.ts";
import { type Row, rows } from "../streams/stages.ts";
import type { Check } from "./_checks.ts";

const SIZES = [1, 64, 0];

async function comesBack(row: Row): Promise<number> {
  const { near, far, stage } = row;
  const items = contentOf(near, row.items);
  const coded = await encodeRow(row);
  for (const size of SIZES) {
    const read = await through(cutItems(far, coded, size), stage.decoder());
    same(contentOf(near, read), items);
    const given = cutItems(near, row.items, size);
    const back = await through(
      await through(given, stage.encoder()),
      stage.decoder(),
    );
    same(contentOf(near, back), items);
  }
  return 2 * SIZES.length;
}

/** Stages and presets. */
export const checks: readonly Check[] = rows.map((row) => ({
  group: "stages",
  name: row.name,
  run: () => comesBack(row),
}));
