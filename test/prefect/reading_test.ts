import { describe, test } from "bun:test";
import { equal, rejects } from "node:assert/strict";
import { FormatError } from "../../src/errors.ts";
import { serializer } from "../../streams/prefect/mod.ts";
import { bytesOf, textOf } from "./_text.ts";

const json = serializer("json", { datetimes: "python", floats: "wrap" });

/** Class, what stands in the file, and what Prefect 3.8.8 makes of it when it writes it again; `undefined` if it refuses it. */
const rows: readonly (readonly [string, unknown, unknown?])[] = [
  ["datetime.datetime", "2020-01-02", "2020-01-02T00:00:00"],
  ["datetime.datetime", "2020-01-02 03:04", "2020-01-02T03:04:00"],
  [
    "datetime.datetime",
    "2020-01-02_03:04:05+0530",
    "2020-01-02T03:04:05+05:30",
  ],
  ["datetime.datetime", "2020-01-02t03:04:05z", "2020-01-02T03:04:05Z"],
  [
    "datetime.datetime",
    "2020-01-02T03:04:05.1234567",
    "2020-01-02T03:04:05.123456",
  ],
  ["datetime.datetime", 1577934245, "2020-01-02T03:04:05Z"],
  ["datetime.datetime", "1577934245", "2020-01-02T03:04:05Z"],
  ["datetime.datetime", 1577934245000, "2020-01-02T03:04:05Z"],
  ["datetime.datetime", -1, "1969-12-31T23:59:59Z"],
  ["datetime.datetime", "2020-01-02T24:00:00"],
  ["datetime.datetime", "2020-01-02T23:59:60"],
  ["datetime.datetime", "20200102T030405"],
  ["datetime.datetime", "2020-02-30"],
  ["datetime.datetime", ""],
  ["datetime.date", "2020-01-02T00:00:00", "2020-01-02"],
  ["datetime.date", "2020-01-02T00:00:01"],
  ["datetime.date", "2020-02-30"],
  ["datetime.time", "01:02", "01:02:00"],
  ["datetime.time", 3600.5, "01:00:00.500000Z"],
  ["datetime.time", "3600"],
  ["datetime.time", "010203"],
  ["datetime.time", 86_400],
  ["datetime.timedelta", "P1W", "P7D"],
  ["datetime.timedelta", "P1Y2M", "P1Y60D"],
  ["datetime.timedelta", "P1.5D", "P1DT12H"],
  ["datetime.timedelta", "PT1.5H", "PT1H30M"],
  ["datetime.timedelta", "-P1D", "-P1D"],
  ["datetime.timedelta", "1:02:03", "PT1H2M3S"],
  ["datetime.timedelta", "1 day, 00:00:05", "P1DT5S"],
  ["datetime.timedelta", 5.5, "PT5.5S"],
  ["datetime.timedelta", "P-1D"],
  ["datetime.timedelta", "1:60:00"],
  ["datetime.timedelta", "p1d"],
  ["datetime.timedelta", ""],
  [
    "uuid.UUID",
    "{A53E3495-D681-4A53-84B8-9D9542F7237C}",
    "a53e3495-d681-4a53-84b8-9d9542f7237c",
  ],
  [
    "uuid.UUID",
    "a53e3495d6814a5384b89d9542f7237c",
    "a53e3495-d681-4a53-84b8-9d9542f7237c",
  ],
  ["uuid.UUID", "a53e3495-d6814a5384b89d9542f7237c"],
  ["decimal.Decimal", "1.10", "1.10"],
  ["decimal.Decimal", "1e5", "1E+5"],
  ["decimal.Decimal", "1_000", "1000"],
  ["decimal.Decimal", ".5", "0.5"],
  ["decimal.Decimal", "-0.000", "-0.000"],
  ["decimal.Decimal", "0.0000001", "1E-7"],
  ["decimal.Decimal", "12e-3", "0.012"],
  ["decimal.Decimal", "00123.4500e10", "1.234500E+12"],
  ["decimal.Decimal", 1.5, "1.5"],
  ["decimal.Decimal", "NaN"],
  ["decimal.Decimal", "_"],
  ["decimal.Decimal", "0x1"],
  ["builtins.complex", "-j", "-1j"],
  ["builtins.complex", "(1+2j)", "1+2j"],
  ["builtins.complex", "1+2"],
  ["pathlib.PosixPath", "", "."],
  ["pathlib.PosixPath", "///a//./b/", "/a/b"],
  ["pathlib.PosixPath", "//a/../b", "//a/../b"],
  ["ipaddress.IPv4Address", "1.2.3.4", "1.2.3.4"],
  ["ipaddress.IPv4Address", 16909060, "1.2.3.4"],
  ["ipaddress.IPv4Address", "1.2.3"],
  ["ipaddress.IPv4Address", "1.2.3.256"],
  ["ipaddress.IPv4Address", "01.2.3.4"],
  ["ipaddress.IPv4Address", -1],
  ["ipaddress.IPv4Address", "::1"],
  ["ipaddress.IPv6Address", "2001:DB8:0:0::1", "2001:db8::1"],
  ["ipaddress.IPv6Address", "::1%eth0", "::1%eth0"],
  ["ipaddress.IPv6Address", "1.2.3.4"],
  ["ipaddress.IPv4Network", "10.0.0.0/255.0.0.0", "10.0.0.0/8"],
  ["ipaddress.IPv4Network", "10.0.0.0", "10.0.0.0/32"],
  ["ipaddress.IPv4Network", "10.0.0.1/8"],
  ["ipaddress.IPv4Interface", "10.0.0.1/8", "10.0.0.1/8"],
  ["ipaddress.IPv6Network", "2001:db8::/32", "2001:db8::/32"],
  ["ipaddress.IPv6Network", "2001:db8::1/32"],
  ["collections.deque", [1, "a"], [1, "a"]],
  ["pydantic.networks.AnyUrl", "HTTP://A.b:80/x y", "http://a.b/x%20y"],
  ["pydantic.networks.AnyUrl", "nope"],
  ["builtins.frozenset", [[1]]],
  ["builtins.set", "abc"],
];

describe("data of a class", () => {
  for (const [name, data, expected] of rows) {
    const given = JSON.stringify({ __class__: name, data });
    test(`${given} is ${expected === undefined ? "refused" : "read"}`, async () => {
      if (expected === undefined) {
        return await rejects(json.loads(bytesOf(given)), FormatError);
      }
      const value = await json.loads(bytesOf(given));
      const { data } = JSON.parse(textOf(await json.dumps(value)));
      equal(JSON.stringify(data), JSON.stringify(expected));
    });
  }
});
