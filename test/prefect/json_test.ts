import { describe, test } from "bun:test";
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  FormatError,
  LimitError,
  SerializeError,
  TruncatedError,
  UnknownNameError,
} from "../../src/errors.ts";
import {
  PyComplex,
  PyDateTime,
  PyDecimal,
  PyEnum,
  PyException,
  PyFloat,
  PyObject,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyZoneInfo,
} from "../../src/pickle/mod.ts";
import {
  PrefectLibraries,
  prefectLibraries,
  serializer,
} from "../../streams/prefect/mod.ts";
import { bytesOf, textOf } from "./_text.ts";

const json = serializer("json");
const python = serializer("json", { datetimes: "python", floats: "wrap" });

async function dumped(value: unknown, kwargs = {}): Promise<string> {
  const of = serializer({ type: "json", dumps_kwargs: kwargs });
  return textOf(await of.dumps(value));
}

describe("JSON as Python writes it", () => {
  const rows: [unknown, object, string][] = [
    [1e16, {}, "1e+16"],
    [
      [1e-5, 0.0001, 1e15, new PyFloat(1e15), -0],
      {},
      "[1e-05, 0.0001, 1000000000000000, 1000000000000000.0, -0.0]",
    ],
    [[NaN, -Infinity], {}, "[NaN, -Infinity]"],
    ["\ud800é\x7f😀,:", {}, '"\\ud800\\u00e9\\u007f\\ud83d\\ude00,:"'],
    [{ "é,": [{}, [], { a: 1 }] }, {}, '{"\\u00e9,": [{}, [], {"a": 1}]}'],
    [
      { a: [], b: [1, { c: {} }] },
      { indent: 1 },
      '{\n "a": [],\n "b": [\n  1,\n  {\n   "c": {}\n  }\n ]\n}',
    ],
    [{ a: 1 }, { indent: "\t", separators: [";", "="] }, '{\n\t"a"=1\n}'],
    [
      { é: [1, 2] },
      { indent: "é", separators: ["ß", "→"] },
      '{\né"\\u00e9"→[\néé1ß\néé2\né]\n}',
    ],
    [
      { "\ue000": 1, "😀": 2, b: 3 },
      { sort_keys: true, ensure_ascii: false },
      '{"b": 3, "\ue000": 1, "😀": 2}',
    ],
    [
      [1, 'a,:"\\', { b: 2 }],
      { separators: [",", ":"] },
      '[1,"a,:\\"\\\\",{"b":2}]',
    ],
    [
      new Map<unknown, unknown>([[1.5, 1], [true, 2], [null, 3], [
        2n ** 64n,
        4,
      ]]),
      {},
      '{"1.5": 1, "true": 2, "null": 3, "18446744073709551616": 4}',
    ],
    [new Map<unknown, unknown>([[PyTuple.of(1), 1], ["a", 2]]), {
      skipkeys: true,
    }, '{"a": 2}'],
  ];
  for (const [value, kwargs, text] of rows) {
    test(
      text.slice(0, 60),
      async () => equal(await dumped(value, kwargs), text),
    );
  }

  test("the same for what is large, however it is taken apart", async () => {
    const value = Array.from({ length: 3000 }, (_, i) => ({
      i,
      text: i % 3 ? "plain" : "é\x7f",
      deep: [[i / 7], { k: i % 2 ? null : [1e-7 * i] }],
      big: "x".repeat(i % 50 * 10),
    }));
    const text = await dumped(value);
    deepEqual(JSON.parse(text), value);
    equal(text.includes('", "deep": [['), true);
    deepEqual(await json.loads(bytesOf(text)), value);
  });
});

describe("JSON refuses to write", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  const rows: [string, unknown, RegExp][] = [
    ["what contains itself", { a: circle }, /\$\.a.*Circular/],
    ["undefined", [undefined], /\$\[0\].*undefined/],
    [
      "a key that Python has no text for",
      new Map([[PyTuple.of(1), 1]]),
      /keys must be str, int, float, bool or None, not tuple/,
    ],
    ["bytes that are no text", [new Uint8Array([255])], /not UTF-8/],
    [
      "a class that is not known",
      { a: [new (class Foo {})()] },
      /\$\.a\[0\].*unknown type: <class 'Foo'>/,
    ],
    [
      "what Prefect would take for something else",
      [{ __class__: "uuid.UUID" }],
      /takes it for uuid\.UUID/,
    ],
    [
      "a zone with a name",
      new PyDateTime({
        year: 2020,
        month: 1,
        day: 1,
        tzinfo: new PyZoneInfo("Europe/Paris"),
      }),
      /only the offset/,
    ],
    [
      "a decimal that Python does not read",
      new PyDecimal("NaN"),
      /does not read/,
    ],
    [
      "a set of what has to be tagged",
      new Set([new PyDecimal("1")]),
      /items of a set/,
    ],
    [
      "a class within a class",
      new PyObject("m", "A.B", { state: {} }),
      /in a class/,
    ],
  ];
  for (const [name, value, message] of rows) {
    test(
      name,
      () =>
        rejects(
          json.dumps(value),
          (error) =>
            error instanceof SerializeError && message.test(error.message),
        ),
    );
  }

  test("infinities, if it is told to", () =>
    rejects(dumped([Infinity], { allow_nan: false }), /not JSON compliant/));
  test("what is too deep", async () => {
    let value: unknown = 1;
    for (let i = 0; i < 1001; i++) value = [value];
    await rejects(json.dumps(value), LimitError);
  });
  test("with names that are not known, but not before", async () => {
    const of = serializer({ type: "json", object_encoder: "my.encoder" });
    await rejects(of.dumps(1), UnknownNameError);
  });
});

describe("JSON as Python reads it", () => {
  const rows: [string, unknown][] = [
    ["[NaN, Infinity, -Infinity]", [NaN, Infinity, -Infinity]],
    ["[12345678901234567890, -9007199254740993]", [
      12345678901234567890n,
      -9007199254740993n,
    ]],
    ["[-0, 1e999, 9007199254740991]", [0, Infinity, 9007199254740991]],
    ['"\\ud800"', "\ud800"],
    ['{"a": 1, "a": 2}', { a: 2 }],
    [
      '{"__class__": "my.Model", "data": {"x": {"__class__": "builtins.set", "data": [1]}}}',
      { __class__: "my.Model", data: { x: new Set([1]) } },
    ],
    [
      '{"\\u005f_class__": "builtins.bytes", "data": "é"}',
      new Uint8Array([195, 169]),
    ],
  ];
  for (const [text, value] of rows) {
    test(text, async () => deepEqual(await json.loads(bytesOf(text)), value));
  }

  test("`__proto__` is a key as any other", async () => {
    for (
      const text of ['{"__proto__": {"x": 1}}', '{"__proto__": {"x": NaN}}']
    ) {
      const value = await json.loads(bytesOf(text)) as object;
      equal(Object.getPrototypeOf(value), Object.prototype);
      deepEqual(Object.keys(value), ["__proto__"]);
    }
  });

  const bad: [string, string, typeof FormatError][] = [
    ["[1, 2", "line 1 column 6 (char 5)", TruncatedError],
    [
      '{"a": 01}',
      "Expecting ',' delimiter: line 1 column 8 (char 7)",
      FormatError,
    ],
    ["[1,\n 2,]", "line 2 column 4 (char 7)", FormatError],
    ["1 2", "Extra data: line 1 column 3 (char 2)", FormatError],
    ["\ufeff1", "BOM", FormatError],
    ['"\\x"', "Invalid \\escape", FormatError],
  ];
  for (const [text, message, Class] of bad) {
    test(`refuses ${JSON.stringify(text)}`, () =>
      rejects(
        json.loads(bytesOf(text)),
        (error) => error instanceof Class && error.message.includes(message),
      ));
  }

  test("takes control characters, if it is told to", async () => {
    const of = serializer({ type: "json", loads_kwargs: { strict: false } });
    equal(await of.loads(bytesOf('"a\tb"')), "a\tb");
  });

  test("is careful with what is deep", async () => {
    const text = bytesOf("[".repeat(1001) + "]".repeat(1001));
    await rejects(json.loads(text), LimitError);
    await rejects(python.loads(text), LimitError);
  });
});

describe("tags", () => {
  const rows: [string, string, unknown][] = [
    ["datetime.timedelta", "86402.000003", new PyTimeDelta(1, 2, 3)],
    ["datetime.timedelta", '"1 day, 00:00:05"', new PyTimeDelta(1, 5)],
    ["datetime.timedelta", '"-P1DT1M0.5S"', new PyTimeDelta(-1, -60, -500_000)],
    [
      "datetime.datetime",
      '"2024-01-02 03:04:05.1234567+0530"',
      new PyDateTime({
        year: 2024,
        month: 1,
        day: 2,
        hour: 3,
        minute: 4,
        second: 5,
        microsecond: 123_456,
        tzinfo: new PyTimeZone(19_800_000_000),
      }),
    ],
    [
      "datetime.datetime",
      "1704164645",
      new PyDateTime({
        year: 2024,
        month: 1,
        day: 2,
        hour: 3,
        minute: 4,
        second: 5,
        tzinfo: new PyTimeZone(0),
      }),
    ],
    ["decimal.Decimal", "1.1", new PyDecimal("1.1")],
    ["builtins.complex", '"1.5-2j"', new PyComplex(1.5, -2)],
    ["builtins.complex", '"2j"', new PyComplex(0, 2)],
  ];
  for (const [name, data, value] of rows) {
    test(`${name} of ${data}`, async () => {
      const text = `{"__class__": "${name}", "data": ${data}}`;
      deepEqual(await python.loads(bytesOf(text)), value);
    });
  }

  test("of versions before pydantic 2 lie within each other", async () => {
    const text =
      '{"__class__": "builtins.set", "data": [{"__class__": "decimal.Decimal", "data": 1.1}]}';
    deepEqual(await json.loads(bytesOf(text)), new Set([new PyDecimal("1.1")]));
  });

  test("values in the data of others have none", async () => {
    const point = new PyObject("geo", "Point", {
      state: {
        at: new Date(0),
        ids: new Set([1]),
        of: new PyEnum("geo", "Kind", { value: "k" }),
      },
    });
    equal(
      await dumped([point]),
      '[{"__class__": "geo.Point", "data": {"at": "1970-01-01T00:00:00Z", "ids": [1], "of": "k"}}]',
    );
  });

  test("exceptions keep their class and their message", async () => {
    const error = new PyException("app", "AppError", { args: ["no", 1] });
    const blob = await json.dumps([error, new RangeError("far")]);
    equal(
      textOf(blob),
      `[{"__exc_type__": "app.AppError", "message": "('no', 1)"}, {"__exc_type__": "builtins.ValueError", "message": "far"}]`,
    );
    const [first] = await json.loads(blob) as [PyException];
    equal(
      `${first.module}.${first.name}: ${first.message}`,
      "app.AppError: ('no', 1)",
    );
  });

  test("what is not known comes back as it was, and goes out again", async () => {
    const text = '{"__class__": "my.Model", "data": {"n": 1}}';
    equal(await dumped(await json.loads(bytesOf(text))), text);
  });

  test("an encoder and a decoder of one's own", async () => {
    const libraries = new PrefectLibraries(prefectLibraries)
      .addEncoder("my.encode", (value) => ({ map: [...value as Set<unknown>] }))
      .addDecoder(
        "my.decode",
        (object) => "map" in object ? new Set(object.map as []) : object,
      );
    const of = serializer({
      type: "json",
      object_encoder: "my.encode",
      object_decoder: "my.decode",
    }, { libraries });
    const blob = await of.dumps([new Set([1]), { a: new Set() }]);
    equal(textOf(blob), '[{"map": [1]}, {"a": {"map": []}}]');
    deepEqual(await of.loads(blob), [new Set([1]), { a: new Set() }]);
  });
});
