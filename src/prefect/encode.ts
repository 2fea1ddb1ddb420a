/** What Prefect makes of values that JSON has no word for: a tag with the name of the class, and simpler data. */
import {
  PyByteArray,
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyDeque,
  PyEnum,
  PyException,
  PyFloat,
  PyFrozenSet,
  PyInt,
  PyObject,
  PyPath,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyUUID,
} from "../pickle/values/mod.ts";
import { fromTemporal } from "../pickle/write_temporal.ts";
import { toTemporal } from "../pickle/classes/temporal.ts";
import { ERROR_NAMES } from "../pickle/write_errors.ts";
import type { PrefectClasses } from "./classes.ts";
import { exceptionText, NEEDS_MORE } from "./exception_text.ts";
import {
  complexText,
  decimalText,
  ofDate,
  ofPath,
  utf8,
} from "./encode_text.ts";
import { encodeObject } from "./encode_object.ts";
import { CLASS, EXCEPTION } from "./plain.ts";
import { Refused } from "./refused.ts";
import {
  dateText,
  dateTimeText,
  timeDeltaText,
  timeText,
} from "./time_text.ts";

/** What the functions of the table may ask. */
export interface EncodeOptions {
  readonly classes: PrefectClasses;
  /** Whether to write what would not come back as it was. */
  readonly lossy: boolean;
}

type Named = readonly [name: string, data: unknown];
type Row = readonly [
  { readonly prototype: object },
  // deno-lint-ignore no-explicit-any
  (value: any, options: EncodeOptions) => Named,
];

const ROWS: readonly Row[] = [
  [Uint8Array, (value: Uint8Array) => ["builtins.bytes", utf8(value)]],
  [PyByteArray, () => refuse("Python writes a bytearray, but cannot read it")],
  [Date, (value: Date) => ["datetime.datetime", ofDate(value)]],
  [PyDateTime, (value: PyDateTime, options) => {
    return ["datetime.datetime", dateTimeText(fixed(value, options))];
  }],
  [PyDate, (value: PyDate) => ["datetime.date", dateText(value)]],
  [PyTime, (value: PyTime, options) => {
    checkZone(value, options);
    return ["datetime.time", timeText(value)];
  }],
  [PyTimeDelta, (value: PyTimeDelta) => [
    "datetime.timedelta",
    timeDeltaText(value),
  ]],
  [PyUUID, (value: PyUUID) => ["uuid.UUID", value.text]],
  [PyDecimal, (value: PyDecimal) => ["decimal.Decimal", decimalText(value)]],
  [PyComplex, (value: PyComplex) => ["builtins.complex", complexText(value)]],
  [PyPath, (value: PyPath) => [`pathlib.${value.type}`, ofPath(value)]],
  [Set, (value: Set<unknown>, options) => [
    "builtins.set",
    scalarItems(value, "set", options),
  ]],
  [PyFrozenSet, (value: Set<unknown>, options) => [
    "builtins.frozenset",
    scalarItems(value, "set", options),
  ]],
  [PyDeque, (value: PyDeque, options) => {
    if (value.maxlen !== null && !options.lossy) {
      throw new Refused("the length of a deque is not written");
    }
    return ["collections.deque", scalarItems(value.items, "deque", options)];
  }],
  [URL, (value: URL) => ["pydantic.networks.AnyUrl", value.href]],
  [PyEnum, (value: PyEnum) => [nameOf(value), ofEnum(value)]],
  [PyObject, (value: PyObject, options) => encodeObject(value, options.lossy)],
];

const TABLE = new Map(ROWS.map(([type, encode]) => [type.prototype, encode]));

/** The class and the data of a value; the data may hold values that have to be made simpler in turn. */
function namedData(value: object, options: EncodeOptions): Named {
  const own = options.classes.encodingOf(value);
  if (own) return [own.name, own.encode(value as never)];
  for (let of = value; (of = Object.getPrototypeOf(of));) {
    const encode = TABLE.get(of);
    if (encode) return encode(value, options);
  }
  const python = temporal(value, options);
  if (python) return namedData(python, options);
  const { constructor } = value as { constructor?: { name?: unknown } };
  const name = typeof constructor === "function" ? constructor.name : "object";
  throw new Refused(`Unable to serialize unknown type: <class '${name}'>`);
}

/** What Prefect's encoder gives for a value: an object that its decoder knows. */
export function encodeTag(
  value: object,
  options: EncodeOptions,
): { tag: Record<string, unknown>; isPlain: boolean } {
  if (value instanceof Error && !options.classes.encodingOf(value)) {
    const [name, message] = ofError(value);
    return { tag: { [EXCEPTION]: name, message }, isPlain: true };
  }
  const [name, data] = namedData(value, options);
  return { tag: { [CLASS]: name, data }, isPlain: false };
}

/** What stands for a value inside the data of another, where there are no tags. */
export function encodeFlat(value: object, options: EncodeOptions): unknown {
  if (value instanceof Error) {
    throw new Refused("an exception cannot be a part of another value");
  }
  return namedData(value, options)[1];
}

function refuse(message: string): never {
  throw new Refused(message);
}

/** With a fixed offset, which is all that is written of a zone. */
function fixed(value: PyDateTime, options: EncodeOptions): PyDateTime {
  const { tzinfo } = value;
  if (tzinfo === null || tzinfo instanceof PyTimeZone || !options.lossy) {
    checkZone(value, options);
    return value;
  }
  const zoned = toTemporal(value) as
    | { offsetNanoseconds?: number }
    | undefined;
  if (zoned?.offsetNanoseconds === undefined) {
    throw new Refused("the offset of its zone is not known here");
  }
  const zone = new PyTimeZone(zoned.offsetNanoseconds / 1000);
  return new PyDateTime({ ...value, tzinfo: zone });
}

function checkZone(value: PyTime | PyDateTime, options: EncodeOptions): void {
  const { tzinfo, fold } = value;
  const isFixed = tzinfo === null || tzinfo instanceof PyTimeZone;
  if (!isFixed) throw new Refused("of a time zone only the offset is written");
  if (options.lossy) return;
  if (fold === 1) throw new Refused("`fold` is not written");
  if (tzinfo === null) return;
  if (tzinfo.name !== null) {
    throw new Refused("the name of a zone is not written");
  }
  if (tzinfo.offset % 60_000_000 !== 0) {
    throw new Refused("the seconds of an offset are not written");
  }
}

function temporal(value: object, options: EncodeOptions): object | undefined {
  try {
    const python = fromTemporal(value);
    return python instanceof PyDateTime ? fixed(python, options) : python;
  } catch (error) {
    if (error instanceof RangeError) throw new Refused(error.message);
    throw error;
  }
}

/** Items have no tags, so only those that need none come back as what they are. */
function scalarItems(
  of: Iterable<unknown>,
  name: string,
  { lossy }: EncodeOptions,
): unknown[] {
  const items = [...of];
  const isPlain = (item: unknown) =>
    typeof item !== "object" || item === null || item instanceof PyInt ||
    item instanceof PyFloat;
  if (lossy || items.every(isPlain)) return items;
  throw new Refused(
    `items of a ${name} have to be text, numbers, booleans or None`,
  );
}

function nameOf({ module, name }: PyEnum | PyObject): string {
  if (name.includes(".")) {
    throw new Refused(
      `Prefect does not find ${module}.${name}: it is in a class`,
    );
  }
  return `${module}.${name}`;
}

function ofEnum(member: PyEnum): unknown {
  if (member.value !== undefined) return member.value;
  throw new Refused(
    `the value of ${member.member ?? member.name} is not known`,
  );
}

function ofError(error: Error): readonly [name: string, message: string] {
  if (error instanceof AggregateError) {
    throw new Refused("Prefect cannot read back builtins.ExceptionGroup");
  }
  if (!(error instanceof PyException)) {
    const [, name] = ERROR_NAMES.find(([type]) =>
      error instanceof (type as ErrorConstructor)
    )!;
    return [`builtins.${name}`, error.message];
  }
  const name = `${error.module}.${error.name}`;
  if (NEEDS_MORE.has(name)) {
    throw new Refused(`Prefect cannot read back ${name}`);
  }
  const message = exceptionText(error);
  if (message !== undefined) return [name, message];
  throw new Refused(`only Python can tell the text of this ${error.name}`);
}
