import {
  PyDeque,
  PyFloat,
  PyFrozenSet,
  PyObject,
  PyPath,
  type PyPathClass,
  PyTuple,
} from "../pickle/values/mod.ts";
import { toTemporal } from "../pickle/classes/temporal.ts";
import { parseAddress } from "./address.ts";
import { PrefectClasses, type PrefectValueOptions } from "./classes.ts";
import {
  parseBytes,
  parseComplex,
  parseDecimal,
  parseUuid,
  pathText,
  text,
} from "./parse_text.ts";
import {
  parseDate,
  parseDateTime,
  parseTime,
  parseTimeDelta,
} from "./time_text.ts";

/**
 * The classes that are known if nothing else is said: those of Python's library that Prefect writes, in the spelling of every
 * version of Prefect and of pydantic.
 *
 * @example
 * ```ts
 * import { defaultClasses } from "@brine/brine/prefect";
 * import { equal } from "node:assert/strict";
 *
 * equal(defaultClasses.get("subprocess.Popen"), undefined);
 * equal(`${defaultClasses.get("decimal.Decimal")?.decode("1.10", {})}`, "1.10");
 * ```
 */
export const defaultClasses: PrefectClasses = new PrefectClasses();

type Decode = (data: unknown, options: PrefectValueOptions) => unknown;

function add(decode: Decode, ...names: string[]): void {
  for (const name of names) defaultClasses.add(name, { decode });
}

type Time = Parameters<typeof toTemporal>[0];

/** A time, in the class that was asked for. */
function timeBy(parse: (data: unknown) => Time): Decode {
  return (data, { datetimes }) => {
    const value = parse(data);
    return datetimes === "python" ? value : toTemporal(value) ?? value;
  };
}

add(
  timeBy(parseDateTime),
  "datetime.datetime",
  "pendulum.datetime.DateTime",
  "pydantic_extra_types.pendulum_dt.DateTime",
  "prefect.types._datetime.DateTime",
);
add(timeBy(parseDate), "datetime.date", "pendulum.date.Date");
add(timeBy(parseTime), "datetime.time");
add(timeBy(parseTimeDelta), "datetime.timedelta");
add(parseUuid, "uuid.UUID");
add(parseDecimal, "decimal.Decimal");
add(parseComplex, "builtins.complex");
add(parseBytes, "builtins.bytes");
add((data) => new Set(scalars(data)), "builtins.set");
add((data) => new PyFrozenSet(scalars(data)), "builtins.frozenset");
add((data) => PyTuple.from(items(data)), "builtins.tuple");
add((data) => [...items(data)], "builtins.list");
add((data) => new PyDeque([...items(data)]), "collections.deque");
for (const flavour of ["Posix", "Windows"] as const) {
  for (const pure of ["", "Pure"] as const) {
    const type: PyPathClass = `${pure}${flavour}Path`;
    const decode = (data: unknown) =>
      new PyPath(pathText(text(data), flavour === "Windows"), type);
    add(decode, `pathlib.${type}`, `pathlib._local.${type}`);
  }
}
add(
  (data) => new PyPath(pathText(text(data), false), "PosixPath"),
  "pathlib.Path",
);
for (const version of [4, 6] as const) {
  for (const kind of ["Address", "Network", "Interface"] as const) {
    const name = `IPv${version}${kind}`;
    add(
      (data) =>
        new PyObject("ipaddress", name, {
          args: [parseAddress(data, version, kind)],
        }),
      `ipaddress.${name}`,
    );
  }
}
// 32 is `re.UNICODE`.
add(
  (data) => new PyObject("re", "_compile", { args: [text(data), 32] }),
  "re.Pattern",
);
add(
  (data) => new URL(text(data)),
  "pydantic_core._pydantic_core.Url",
  "pydantic_core._pydantic_core.MultiHostUrl",
  ...["AnyUrl", "AnyHttpUrl", "HttpUrl", "FileUrl", "FtpUrl", "WebsocketUrl"]
    .map((name) => `pydantic.networks.${name}`),
);

function items(data: unknown): Iterable<unknown> {
  if (Array.isArray(data) || data instanceof Set) return data;
  throw new TypeError("it is not a list");
}

/** What can be an item of a set in Python. */
function* scalars(data: unknown): Generator<unknown> {
  for (const item of items(data)) {
    const isDict = item instanceof Map || typeof item === "object" &&
        item !== null && Object.getPrototypeOf(item) === Object.prototype;
    const isList = Array.isArray(item) && !(item instanceof PyTuple);
    if (isDict || isList) throw new TypeError("an item is not hashable");
    // A set of JavaScript makes 0 of -0.
    yield Object.is(item, -0) ? new PyFloat(-0) : item;
  }
}
