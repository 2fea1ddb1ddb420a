import type { Class, Serialization } from "../serialization.ts";
import { textOf } from "./list.ts";

interface TemporalClass extends Class<object> {
  from(text: string): object;
}

const NAMES = [
  ...["Duration", "Instant", "PlainDate", "PlainDateTime", "PlainMonthDay"],
  ...["PlainTime", "PlainYearMonth", "ZonedDateTime"],
];

/** Every type of `Temporal` as its text, in runtimes that have it; calendars and time zones are in there. */
export const temporal: readonly Serialization<object>[] = NAMES.flatMap(
  (name) => {
    const { Temporal } = globalThis as unknown as {
      Temporal?: Record<string, TemporalClass>;
    };
    const type = Temporal?.[name];
    return type ? [temporalOf(type, `Temporal.${name}`)] : [];
  },
);

function temporalOf(type: TemporalClass, name: string): Serialization<object> {
  return {
    type: name,
    class: type,
    exact: true,
    serialize: (value) => ({ header: String(value) }),
    deserialize: ({ header }) => type.from(textOf(header)),
  };
}
