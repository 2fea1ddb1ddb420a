/** What this library writes for the values of Prefect's vectors, in the same format. */
import {
  dumpRecord,
  openResult,
  serializer,
} from "../../streams/prefect/mod.ts";
import {
  blobOf,
  options,
  type PrefectVectors,
  recordOptions,
  valueOf,
} from "./_check_prefect.ts";
import type { Desc } from "./_describe.ts";

/** What was written, for Python to check. */
export interface Written {
  readonly prefect: Desc[];
  readonly records: Desc[];
  /** What could not be written, and why. */
  readonly failed: string[];
}

/** Writes each value with each serializer, and each record again. */
export async function written(vectors: PrefectVectors): Promise<Written> {
  const result: Written = { prefect: [], records: [], failed: [] };
  const attempt = async (name: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      result.failed.push(`${name}: ${(error as Error).message}`);
    }
  };
  for (const e of vectors.prefect ?? []) {
    await attempt(e.id, async () => {
      const of = serializer(e.serializer, options);
      const value = valueOf(e) ?? await of.loads(blobOf(e));
      const blob = new TextDecoder().decode(await of.dumps(value));
      result.prefect.push({ id: e.id, serializer: of.toJSON(), blob });
    });
  }
  for (const e of vectors.records ?? []) {
    if (!e.metadata) continue;
    await attempt(e.id, async () => {
      const opened = await openResult(
        new TextEncoder().encode(e.record),
        options,
      );
      const value = await opened.value();
      const record = await dumpRecord(value, recordOptions(opened.metadata));
      result.records.push({
        id: e.id,
        record: new TextDecoder().decode(record),
      });
    });
  }
  return result;
}
