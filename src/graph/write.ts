import type { Registry } from "../registry.ts";
import { GraphWriter } from "./graph_writer.ts";
import type { GraphTarget } from "./layout.ts";
import { Regions } from "./regions.ts";

/**
 * Writes a value as the tokens that `layout.ts` describes.
 *
 * @param begin Begins anew; called once more if it shows, at the end, that views share their bytes.
 */
export function writeGraph<Target extends GraphTarget>(
  value: unknown,
  registry: Registry,
  begin: () => Target,
): Target {
  const target = begin();
  const writer = new GraphWriter(target, registry);
  writer.write(value);
  const regions = new Regions(writer.showing);
  if (!regions.any) return target;
  const again = begin();
  new GraphWriter(again, registry, regions).write(value);
  return again;
}
