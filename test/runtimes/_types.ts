/** Every value that the default registry keeps or refuses, through each family, alone and within others. */
import { defaultRegistry, SerializeError } from "../../mod.ts";
import { same } from "../core/_same.ts";
import {
  FAMILIES,
  inlineWay,
  places,
  type Way,
  waysOf,
} from "../core/_ways.ts";
import { kept, refused, type Row } from "../core/values.ts";
import type { Check } from "./_checks.ts";

/** By way of bytes, within others, too. */
const placesOf = (way: Way) =>
  places.filter(({ name }) =>
    name === "alone" ||
    way.name === "dumps and loads" && name === "all of these"
  );

async function keeps(way: Way): Promise<number> {
  for (const row of kept) {
    for (const { name, put, get } of placesOf(way)) {
      const sent = put(row.make());
      try {
        isBack(row, await way.go(sent), sent, get);
      } catch (error) {
        throw new Error(`${row.name}, in ${name}: ${error}`);
      }
    }
  }
  return kept.length;
}

function isBack(
  row: Row,
  actual: unknown,
  sent: unknown,
  get: (whole: unknown) => unknown,
): void {
  (row.check ?? same)(get(actual), get(sent));
}

function refuses(family: string): number {
  for (const { name, make, path = "" } of refused) {
    let error: unknown;
    try {
      defaultRegistry.serialize(make(), { family });
    } catch (reason) {
      error = reason;
    }
    const { path: at } = error as SerializeError;
    if (!(error instanceof SerializeError) || at !== `$${path}`) {
      throw new Error(`${name}: ${error}`);
    }
  }
  return refused.length;
}

/** Types of JavaScript. */
export const checks: readonly Check[] = [
  ...FAMILIES.flatMap((family) => [
    ...waysOf(family).map((way) => ({
      group: "types",
      name: `family ${family}: ${way.name}`,
      run: () => keeps(way),
    })),
    {
      group: "types",
      name: `family ${family}: what is refused`,
      run: () => refuses(family),
    },
  ]),
  { group: "types", name: inlineWay.name, run: () => keeps(inlineWay) },
];
