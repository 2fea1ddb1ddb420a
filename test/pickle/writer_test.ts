import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { createHash } from "node:crypto";
import { SerializeError } from "../../src/errors.ts";
import { dumps, loads } from "../../src/pickle/mod.ts";
import * as py from "../../src/pickle/values/mod.ts";
import type { PickleProtocol } from "../../src/pickle/write_options.ts";

const { PyFloat, PyInt, PyTuple } = py;

function hex(value: unknown, protocol: PickleProtocol): string {
  let text = "";
  for (const byte of dumps(value, { protocol })) {
    text += byte.toString(16).padStart(2, "0");
  }
  return text;
}

function hash(value: unknown, protocol: PickleProtocol): string {
  const bytes = dumps(value, { protocol });
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

/** Values, and what CPython 3.11 writes for them in protocols 0, 2 and 4. */
const PLAIN: readonly (readonly [string, unknown, string, string, string])[] = [
  ["None", null, "4e2e", "80024e2e", "80044e2e"],
  ["True", true, "4930310a2e", "8002882e", "8004882e"],
  [
    "types that builtins has not",
    ["NoneType", "ellipsis", "NotImplementedType", "NoneType"].map((name) =>
      new py.PyGlobal("builtins", name)
    ),
    "286c70300a635f5f6275696c74696e5f5f0a747970650a70310a284e7470320a5270330a6167310a28635f5f6275696c74696e5f5f0a456c6c69707369730a70340a7470350a5270360a6167310a28635f5f6275696c74696e5f5f0a4e6f74496d706c656d656e7465640a70370a7470380a5270390a6167330a612e",
    "80025d710028635f5f6275696c74696e5f5f0a747970650a71014e8571025271036801635f5f6275696c74696e5f5f0a456c6c69707369730a71048571055271066801635f5f6275696c74696e5f5f0a4e6f74496d706c656d656e7465640a71078571085271096803652e",
    "80049550000000000000005d94288c086275696c74696e73948c04747970659493944e85945294680368018c08456c6c697073697394939485945294680368018c0e4e6f74496d706c656d656e746564949394859452946805652e",
  ],
  [
    "int",
    [
      0,
      255,
      256,
      65535,
      65536,
      -1,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31) - 1,
      -128 * 2 ** 32,
    ],
    "286c70300a49300a61493235350a614932" +
    "35360a614936353533350a614936353533360a61492d310a6149323134373438333634370a614c323134373438333634384c0a614c2d323134373438333634394c0a614c2d3534393735353831333838384c0a612e",
    "80025d7100284b004bff4d00014dffff4a000001004affffffff4affffff7f8a0500000080008a05ffffff7fff8a050000000080652e",
    "80049533000000000000005d94284b004bff4d00014dffff4a000001004affffffff4affffff7f8a0500000080008a05ffffff7fff8a050000000080652e",
  ],
  [
    "float",
    [0.5, -0, new PyFloat(1e16), 1e-5, Infinity, NaN],
    "286c70300a46302e350a61462d302e300a614631652b31360a614631652d30350a6146696e660a61466e616e0a612e",
    "80025d710028473fe0000000000000478000000000000000474341c37937e08000473ee4f8b588e368f1477ff0000000000000477ff8000000000000652e",
    "8004953b000000000000005d9428473fe0000000000000478000000000000000474341c37937e08000473ee4f8b588e368f1477ff0000000000000477ff8000000000000652e",
  ],
  [
    "str",
    ["", "é", "日本", "\u{1f600}", "\n\\\0", "\ud800x"],
    "286c70300a560a70310a6156e90a70320a61565c75363565355c75363732630a70330a61565c5530303031663630300a70340a61565c75303030615c75303035635c75303030300a70350a61565c7564383030780a70360a612e",
    "80025d710028580000000071015802000000c3a971025806000000e697a5e69cac71035804000000f09f9880710458030000000a5c0071055804000000eda080787106652e",
    "8004952a000000000000005d94288c00948c02c3a9948c06e697a5e69cac948c04f09f9880948c030a5c00948c04eda0807894652e",
  ],
  [
    "equal str",
    ["k", "k", { k: "k" }],
    "286c70300a566b0a70310a6167310a61286470320a67310a67310a73612e",
    "80025d71002858010000006b710168017d71026801680173652e",
    "80049512000000000000005d94288c016b9468017d946801680173652e",
  ],
  [
    "tuple",
    PyTuple.of(
      ...[0, 1, 2, 3, 4].map((n) => PyTuple.from(range(n).map((i) => i + 1))),
    ),
    "2828742849310a7470300a2849310a49320a7470310a2849310a49320a49330a7470320a2849310a49320a49330a49340a7470330a7470340a2e",
    "800228294b018571004b014b028671014b014b024b03877102284b014b024b034b047471037471042e",
    "800495220000000000000028294b0185944b014b0286944b014b024b038794284b014b024b034b04749474942e",
  ],
  [
    "dict",
    { k: 1, a: [] },
    "286470300a566b0a70310a49310a7356610a70320a286c70330a732e",
    "80027d71002858010000006b71014b0158010000006171025d7103752e",
    "80049511000000000000007d94288c016b944b018c0161945d94752e",
  ],
  [
    "single items",
    [[1], new Map([["k", null]])],
    "286c70300a286c70310a49310a6161286470320a566b0a70330a4e73612e",
    "80025d7100285d71014b01617d710258010000006b71034e73652e",
    "80049512000000000000005d94285d944b01617d948c016b944e73652e",
  ],
  [
    "bytes",
    [new Uint8Array(), new Uint8Array([97, 98]), new Uint8Array([255, 0])],
    "286c70300a635f5f6275696c74696e5f5f0a62797465730a70310a28745270320a61635f636f646563730a656e636f64650a70330a285661620a70340a566c6174696e310a70350a7470360a5270370a6167330a2856ff5c75303030300a70380a67350a7470390a527031300a612e",
    "80025d710028635f5f6275696c74696e5f5f0a62797465730a710129527102635f636f646563730a656e636f64650a710358020000006162710458060000006c6174696e31710586710652710768035803000000c3bf007108680586710952710a652e",
    "80049512000000000000005d942843009443026162944302ff0094652e",
  ],
];

describe("dumps() writes what CPython writes", () => {
  for (const [name, value, p0, p2, p4] of PLAIN) {
    test(name, () => {
      equal(hex(value, 0), p0);
      equal(hex(value, 2), p2);
      equal(hex(value, 4), p4);
    });
  }

  test("sets by their protocol", () => {
    const set = new Set([1]);
    const call = "8003636275696c74696e730a";
    equal(hex(set, 3), `${call}7365740a71005d71014b01618571025271032e`);
    equal(hex(set, 4), "80049507000000000000008f94284b01902e");
    const frozen = new py.PyFrozenSet([1]);
    equal(
      hex(frozen, 3),
      `${call}66726f7a656e7365740a71005d71014b01618571025271032e`,
    );
    equal(hex(frozen, 4), "8004950600000000000000284b0191942e");
  });

  test("a list that holds itself", () => {
    const list: unknown[] = [];
    list.push(list);
    equal(hex(list, 0), "286c70300a67300a612e");
    equal(hex(list, 4), "80049506000000000000005d946800612e");
  });

  test("what looks different each time is known again", () => {
    let count = 0;
    const record = {
      get a() {
        return count++;
      },
      get self(): unknown {
        return [count, record];
      },
    };
    const back = loads(dumps(record)) as { self: unknown[] };
    equal(back.self[1], back);
  });

  test("what turns up again after a long time is the same", () => {
    const first = { a: [1] };
    const value = Array.from({ length: 50_000 }, (_, i) => ({ i, of: [i] }));
    const back = loads(dumps([first, value, first.a, value])) as unknown[];
    equal((back[0] as typeof first).a, back[2]);
    equal(back[1], back[3]);
  });

  test("a cycle is not followed far", () => {
    const cycle: unknown[] = ["x".repeat(1_000_000)];
    cycle.push({ cycle });
    const length = dumps(cycle, { sharedStrings: "keys" }).length;
    ok(length < 1_000_100, `${length}`);
  });

  test("a buffer is called back once, whatever turns up again", () => {
    const shared = [new Float64Array(3)];
    let calls = 0;
    const bufferCallback = () => void calls++;
    dumps([shared, shared], { protocol: 5, bufferCallback });
    equal(calls, 1);
  });

  test("a tuple that holds itself through a list", () => {
    const tuple = PyTuple.of<unknown>([]);
    (tuple[0] as unknown[]).push(tuple);
    equal(hex(tuple, 0), "28286c70300a2867300a7470310a61303067310a2e");
    equal(hex(tuple, 1), "285d7100286800747101613168012e");
    equal(hex(tuple, 2), "80025d71006800857101613068012e");
    const long = PyTuple.of<unknown>([], 1, 2, 3);
    (long[0] as unknown[]).push(long);
    equal(
      hex(long, 0),
      "28286c70300a2867300a49310a49320a49330a7470310a6149310a49320a49330a303030303067310a2e",
    );
    equal(
      hex(long, 4),
      "8004951900000000000000285d942868004b014b024b037494614b014b024b033168012e",
    );
  });

  test("batches of a thousand, and an empty one after full ones of a dict or set", () => {
    const dict = (n: number) => new Map(range(n).map((i) => [i, i]));
    equal(hash(range(1000), 1), "f57ba4a094191eb9");
    equal(hash(range(1001), 4), "161e50d7236aad50");
    equal(hash(dict(1000), 1), "ced26ca57d13f4c2");
    equal(hash(dict(2000), 4), "d335eda4acfae851");
    equal(hash(new Set(range(1000)), 3), "2c55ac2554ce0a2e");
    equal(hash(new Set(range(1000)), 5), "925f1c83774c5d27");
  });

  test("frames of 64 KiB, and what is as large outside of them", () => {
    const value = [
      new Uint8Array(65535).fill(120),
      new Uint8Array(65536).fill(121),
      "z".repeat(70000),
      1,
    ];
    equal(hash(value, 1), "8eda2c52da6dced0");
    equal(hash(value, 3), "fc115beab2b75847");
    equal(hash(value, 4), "0738da3f0f6e747a");
    equal(hash(value, 5), "654d77b10059dbf0");
    const many = range(30000).map((i) => String(i).padStart(5, "0"));
    equal(hash(many, 4), "9e4d70e779cc5a1d");
    equal(hash(many, 5), "3782be07d9f5fb7e");
  });
});

describe("dumps()", () => {
  test("does not recurse", () => {
    let list: unknown[] = [];
    let record: unknown = {};
    let tuple = PyTuple.of<unknown>();
    for (let i = 0; i < 200_000; i++) {
      list = [list];
      record = { a: record };
      tuple = PyTuple.of<unknown>(tuple);
    }
    equal(dumps(list).length > 400_000, true);
    equal(dumps(record).length > 400_000, true);
    equal(dumps(tuple).length > 400_000, true);
  });

  test("takes numbers as asked for", () => {
    equal(hex(1, 2), "80024b012e");
    equal(hex(new PyFloat(1), 2), "8002473ff00000000000002e");
    equal(hex(1n, 2), "80024b012e");
    equal(hex(new PyInt(1e300), 2).slice(0, 6), "80028a");
    equal(hex(1e300, 2), "8002477e37e43c8800759c2e");
    const floats = dumps([1, new PyInt(1)], { numbers: "float", protocol: 1 });
    deepEqual([...floats.subarray(4, 6)], [0x47, 0x3f]);
    deepEqual([...floats.subarray(-4)], [0x4b, 1, 0x65, 0x2e]);
  });

  test("can take equal strings that are not keys for several objects", () => {
    const value = [{ k: "vv" }, { k: "vv" }];
    const shared = dumps(value).length;
    const own = dumps(value, { sharedStrings: "keys" }).length;
    equal(own - shared, "\x8c\x02vv\x94".length - "h\x03".length);
  });

  test("gives arrays to the callback, uncopied, and leaves room for them", () => {
    const data = new Float64Array([1, 2]);
    const taken: Uint8Array[] = [];
    const pickle = dumps([data, data], {
      protocol: 5,
      bufferCallback: (bytes) => void taken.push(bytes),
    });
    equal(taken.length, 1);
    equal(taken[0]!.buffer, data.buffer);
    equal(pickle.filter((byte) => byte === 0x97).length, 1);
    const inside = dumps(data, { protocol: 5, bufferCallback: () => true });
    ok(inside.length > 16);
    throws(() => dumps(data, { bufferCallback: () => {} }), TypeError);
  });

  test("does not keep or change large bytes", () => {
    const data = new Uint8Array(1 << 20).fill(7);
    const pickle = dumps([data, "after"]);
    data.fill(8);
    equal(pickle.filter((byte) => byte === 7).length, 1 << 20);
  });

  test("writes classes of one's own under their names", () => {
    class Point {
      constructor(readonly x: number, readonly y: number) {}
    }
    throws(() => dumps([new Point(1, 2)]), {
      name: "SerializeError",
      path: "$[0]",
    });
    const bare = { class: Point, module: "geometry", name: "Point" };
    equal(
      new TextDecoder().decode(
        dumps(new Point(1, 2), { protocol: 2, classes: [bare] }),
      ),
      new TextDecoder().decode(
        dumps(
          new py.PyObject("geometry", "Point", {
            bare: true,
            state: { x: 1, y: 2 },
          }),
          { protocol: 2 },
        ),
      ),
    );
    const toPython = ({ x, y }: Point) =>
      new py.PyObject("geometry", "Point", { args: [x, y] });
    const called = dumps(new Point(1, 2), { classes: [{ ...bare, toPython }] });
    ok(called.includes(0x52));
  });

  test("tells objects apart that look alike, and knows each again", () => {
    const alike = Array.from({ length: 100 }, () => ({ a: [1, "x", 0.5] }));
    const twice = [...alike, ...alike];
    const pickle = dumps(twice, { protocol: 2 });
    const back = loads(pickle) as typeof alike;
    equal(new Set(back).size, 100);
    for (let i = 0; i < 100; i++) equal(back[i], back[i + 100]);
  });

  test("writes the same object once", () => {
    const date = new Date(0);
    const error = new Error("x");
    for (
      const value of [
        date,
        error,
        new Int8Array(3),
        new py.PyUUID("0".repeat(8) + "-0000-0000-0000-000000000000"),
      ]
    ) {
      const one = dumps([value]).length;
      ok(dumps([value, value, value]).length < one + 8, String(value));
    }
  });
});

const holder = (wrap: (value: unknown) => unknown) => {
  const tuple = PyTuple.of<unknown>();
  tuple.push(wrap(tuple));
  return tuple;
};

/** What Python could not load, or not as what it is, and where it is. */
const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ["undefined", { a: [undefined] }, "$.a[0]"],
  // deno-lint-ignore no-sparse-arrays
  ["a hole", [1, , 2], "$[1]"],
  ["a function", new Map([["f", () => 1]]), "$.f"],
  ["a symbol", [Symbol("x")], "$[0]"],
  ["a key that is a symbol", [{ [Symbol("x")]: 1 }], "$[0]"],
  ["an invalid date", { when: new Date(NaN) }, "$.when"],
  ["a year that Python has not", new Date(-1e15), "$"],
  ["a promise", [Promise.resolve()], "$[0]"],
  ["a class", [new (class Point {})()], "$[0]"],
  ["a subclass of Map", [new (class Table extends Map {})()], "$[0]"],
  ["a list as a key", new Map([[[1], 1]]), "$"],
  [
    "a bytearray in a set",
    [new Set([new py.PyByteArray(new ArrayBuffer(1))])],
    "$[0]",
  ],
  ["a typed array as a key", new Map([[new Int8Array(1), 1]]), "$"],
  [
    "keys that Python takes for one",
    new Map<unknown, number>([[1, 1], [true, 2]]),
    "$",
  ],
  [
    "equal tuples as keys",
    new Map([[PyTuple.of(1), 1], [PyTuple.of(1), 2]]),
    "$",
  ],
  [
    "equal bytes in a set",
    new Set([new Uint8Array(2), new Uint8Array(2)]),
    "$",
  ],
  [
    "a tuple that holds itself",
    holder((tuple) => tuple),
    "$[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]…[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]",
  ],
  ["a name of no text", new py.PyGlobal("os", ""), "$"],
  ["a name with a line feed", new py.PyGlobal("os\nsystem", "x"), "$"],
];

describe("dumps() refuses", () => {
  for (const [name, value, path] of REFUSED) {
    test(name, () => {
      throws(() => dumps(value), (error) => {
        ok(error instanceof SerializeError, String(error));
        equal(error.path, path);
        return true;
      });
    });
  }

  test("numbers with more digits than Python reads", () => {
    const value = 10n ** 4300n;
    throws(() => dumps(value, { protocol: 1 }), SerializeError);
    dumps(value - 1n, { protocol: 1 });
    dumps(value, { protocol: 2 });
  });

  test("a protocol that there is not", () => {
    throws(() => dumps(1, { protocol: 6 as 5 }), RangeError);
  });
});
