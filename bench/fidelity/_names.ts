/** The columns, in order: named apart from the peers, which a matrix can be drawn without. */
export const names = [
  "Brine json",
  "Brine msgpack",
  "Brine live",
  "Brine live msgpack",
  "structuredClone",
  "devalue",
  "seroval async",
  "seroval stream",
  "turbo-stream",
  "superjson",
  "msgpackr",
  "cbor-x",
] as const;
