/** Plain records through the family `json`, in memory. */
import { equal } from "node:assert/strict";
import { recordAt } from "../src/cli/records.ts";
import { defaultRegistry } from "../src/default_registry.ts";
import type { Message } from "../src/types.ts";
import { record, records } from "./_data.ts";
import { type Case, duels, type Figure, type Run } from "./_measure.ts";
import { nativeJson, type Rival, rivals } from "./_rivals.ts";

/** Records of 4.6 MB as JSON, of either kind. */
const KINDS = {
  "ASCII records": [13_500, record],
  "records with é and 李": [14_500, recordAt],
} as const;

export const plain: Case = async ({ quick }) => {
  const figures: Figure[] = [];
  for (const [kind, [count, make]] of Object.entries(KINDS)) {
    const value: unknown[] = records<unknown>(quick ? 100 : count, make);
    figures.push(...await compare(kind, value, quick ? 1 : 9));
  }
  return figures;
};

async function compare(
  kind: string,
  value: unknown[],
  rounds: number,
): Promise<Figure[]> {
  const text = JSON.stringify(value);
  for (const [name, { encode, decode }] of Object.entries(rivals)) {
    equal(JSON.stringify(decode(encode(value))), text, name);
  }
  const both = ({ encode, decode }: Rival): Run => () =>
    (decode(encode(value)) as unknown[]).length;
  const ours: Rival<Message> = {
    encode: (value) => defaultRegistry.serialize(value),
    decode: (message) => defaultRegistry.deserialize(message),
  };
  equal(JSON.stringify(ours.decode(ours.encode(value))), text);

  const others: Record<string, Run> = {
    "JSON and UTF-8": both(nativeJson),
    "JSON without UTF-8": () =>
      (JSON.parse(JSON.stringify(value)) as unknown[]).length,
  };
  for (const [name, rival] of Object.entries(rivals)) {
    others[name] = both(rival);
  }
  const run = () => (ours.decode(ours.encode(value)) as unknown[]).length;
  const { ratios, detail } = await duels(rounds, "brine", run, others);
  const fast = (name: string): Figure => ({
    name: `${kind}: speed against ${name}`,
    value: ratios[name]!,
    unit: "x",
    atLeast: 1,
  });
  return [
    {
      name: `${kind}, serialize and deserialize: time against JSON and UTF-8`,
      value: 1 / ratios["JSON and UTF-8"]!,
      unit: "x",
      atMost: 1.3,
      detail,
    },
    {
      name: `${kind}: time against JSON alone, which makes no bytes`,
      value: 1 / ratios["JSON without UTF-8"]!,
      unit: "x",
    },
    ...["msgpackr", "devalue", "seroval", "superjson"].map(fast),
  ];
}
