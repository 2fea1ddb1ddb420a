import { describe, test } from "bun:test";
import {
  deepEqual,
  deepStrictEqual,
  equal,
  ok,
  throws,
} from "node:assert/strict";
import {
  defaultGlobals,
  dumps,
  enumClass,
  loads,
  type NdArray,
  PdTimedelta,
  PdTimestamp,
  PickleGlobals,
  PyByteArray,
  type PyException,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  type PySlice,
  PyTuple,
} from "../../src/pickle/mod.ts";
import {
  FormatError,
  LimitError,
  TruncatedError,
  UnknownNameError,
} from "../../src/errors.ts";
import { pickleOf } from "./_bytes.ts";

const text = (word: string) => `\x8c${String.fromCharCode(word.length)}${word}`;

describe("pickle: dicts", () => {
  test("with text for keys are objects, in order", () => {
    const value = loads(
      pickleOf("}(", text("b"), "K\x01", text("a"), "K\x02u."),
    );
    deepStrictEqual(value, { b: 1, a: 2 });
    deepEqual(Object.keys(value as object), ["b", "a"]);
  });

  test("whose keys an object would reorder or take for its own are Maps", () => {
    for (const key of ["10", "0", "__proto__"]) {
      const value = loads(
        pickleOf("}", text("a"), "K\x01s", text(key), "K\x02s."),
      );
      deepStrictEqual(value, new Map([["a", 1], [key, 2]]));
    }
    for (const key of ["01", "-1", "1.5", "constructor", "__proto"]) {
      const value = loads(pickleOf("}", text(key), "K\x02s."));
      deepStrictEqual(value, { [key]: 2 });
    }
  });

  test("option dicts", () => {
    const pickle = pickleOf("}(", text("5"), "K\x01", text("__proto__"), "}u.");
    const object = loads(pickle, { dicts: "object" }) as Record<
      string,
      unknown
    >;
    deepEqual(Object.keys(object), ["5", "__proto__"]);
    equal(Object.getPrototypeOf(object), Object.prototype);
    deepStrictEqual(loads(pickleOf("}."), { dicts: "map" }), new Map());
    deepStrictEqual(loads(pickleOf("(dK\x01K\x02s."), {}), new Map([[1, 2]]));
  });

  test("empty ones are objects whatever comes next", () => {
    deepStrictEqual(loads(pickleOf("](}K\x01}(K\x02te.")), [
      {},
      1,
      {},
      PyTuple.of(2),
    ]);
  });

  test("that turn out to be Maps are so wherever they were taken before", () => {
    // d = {}; d["a"] = [d]; d[1] = d
    const cyclic = pickleOf("}q\0", text("a"), "]h\0asK\x01h\0s.");
    const map = loads(cyclic) as Map<unknown, unknown>;
    equal(map.get(1), map);
    equal((map.get("a") as unknown[])[0], map);
    // The same twice in a tuple, by way of DUP.
    const [a, b] = loads(pickleOf("}2K\x01K\x02s\x86.")) as unknown[];
    equal(a, b);
    deepStrictEqual(a, new Map([[1, 2]]));
  });

  test("1, 1.0 and True are one key, two NaN are two, and tuples are compared by value", () => {
    const one = pickleOf(
      "}(K\x01N\x88NG",
      [0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
      "K\x05u.",
    );
    deepStrictEqual(loads(one), new Map([[1, 5]]));
    const nan = [0x7f, 0xf8, 0, 0, 0, 0, 0, 0];
    const two = loads(pickleOf("}(G", nan, "K\x01G", nan, "K\x02u.")) as Map<
      unknown,
      unknown
    >;
    deepEqual([...two.values()], [1, 2]);
    const tuples = pickleOf("}(K\x01K\x02\x86K\x05K\x01K\x02\x86K\x06u.");
    const map = loads(tuples) as Map<unknown, unknown>;
    deepEqual([...map.values()], [6]);
    const set = loads(pickleOf("\x8f((K\x01\x91(\x88\x91\x90."));
    deepStrictEqual(set, new Set([new PyFrozenSet([1])]));
  });

  test("keys that can be changed are refused, at any depth", () => {
    for (const key of ["]", "}", "\x8f", "]\x85", "]\x85\x85", "(]t\x85"]) {
      throws(() => loads(pickleOf("}", key, "K\x01s.")), FormatError);
    }
  });
});

describe("pickle: numbers and text", () => {
  test("integers past 2^53 are bigints, or what the option says", () => {
    const safe = pickleOf("\x8a\x07", [
      0xff,
      0xff,
      0xff,
      0xff,
      0xff,
      0xff,
      0x1f,
    ], ".");
    const past = pickleOf("\x8a\x07", [0, 0, 0, 0, 0, 0, 0x20], ".");
    equal(loads(safe), Number.MAX_SAFE_INTEGER);
    equal(loads(past), 2n ** 53n);
    equal(loads(past, { integers: "number" }), 2 ** 53);
    equal(loads(pickleOf("K\x05."), { integers: "bigint" }), 5n);
    equal(loads(pickleOf("M\x05\x01."), { integers: "bigint" }), 261n);
    equal(loads(pickleOf("J\xff\xff\xff\xff."), { integers: "bigint" }), -1n);
    equal(loads(pickleOf("\x8a\x01\xfe.")), -2);
  });

  test("floats that could be integers are wrapped if that is asked for", () => {
    const one = pickleOf("G", [0x3f, 0xf0, 0, 0, 0, 0, 0, 0], ".");
    equal(loads(one), 1);
    deepStrictEqual(loads(one, { floats: "wrap" }), new PyFloat(1));
    deepStrictEqual(
      loads(pickleOf("F-0.0\n."), { floats: "wrap" }),
      new PyFloat(-0),
    );
    equal(loads(pickleOf("F1.5\n."), { floats: "wrap" }), 1.5);
  });

  test("text across the windows in which it is decoded", () => {
    const words = Array.from(
      { length: 3000 },
      (_, i) => i % 7 === 0 ? `é${i}` : "x".repeat(i % 250) + i,
    );
    deepEqual(loads(dumps(words)), words);
  });

  test("text of Python 2 by its encoding", () => {
    const pickle = pickleOf("U\x02\xe9a.");
    throws(() => loads(pickle), FormatError);
    equal(loads(pickle, { encoding: "latin1" }), "éa");
    deepStrictEqual(
      loads(pickle, { encoding: "bytes" }),
      new Uint8Array([0xe9, 97]),
    );
  });
});

describe("pickle: names", () => {
  const system = pickleOf("cos\nsystem\n(", text("ls"), "tR.");

  test("that are not known become inert objects, or are refused", () => {
    const value = loads(system) as PyObject;
    ok(value instanceof PyObject);
    deepEqual([value.module, value.name, value.args], ["os", "system", ["ls"]]);
    throws(
      () => loads(system, { unknown: "refuse" }),
      (error) =>
        error instanceof UnknownNameError && error.unknown === "os.system",
    );
  });

  test("are refused even if they are thrown away", () => {
    const options = { unknown: "refuse" } as const;
    throws(
      () => loads(pickleOf("cos\nsystem\n0N."), options),
      UnknownNameError,
    );
    equal(loads(pickleOf("N.cos\nsystem\n."), options), null);
  });

  test("of objects that all have are names like others", () => {
    for (
      const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]
    ) {
      const value = loads(pickleOf(`c${name}\n${name}\n.`));
      deepStrictEqual(value, new PyGlobal(name, name));
    }
  });

  test("of one's own become values, and an enum is found by its member", () => {
    const globals = new PickleGlobals(defaultGlobals)
      .add("paint", "Color", enumClass("paint", "Color", { RED: 1, GREEN: 2 }));
    const options = { globals, unknown: "refuse" } as const;
    const members = [
      "(K\x02tR",
      `cbuiltins\ngetattr\ncpaint\nColor\n${text("GREEN")}\x86R`,
    ];
    const [a, b] = [
      loads(pickleOf("cpaint\nColor\n", members[0]!, "."), options),
      loads(pickleOf(members[1]!, "."), options),
    ];
    deepStrictEqual(a, b);
    throws(
      () => loads(pickleOf("cpaint\nColor\n(K\x09tR."), options),
      FormatError,
    );
  });

  test("state never reaches a prototype", () => {
    const pickle = pickleOf(
      "ca\nB\n)\x81}",
      text("__proto__"),
      "}",
      text("polluted"),
      "\x88ssb.",
    );
    const value = loads(pickle) as PyObject;
    equal(({} as { polluted?: boolean }).polluted, undefined);
    deepStrictEqual(
      value.get("__proto__"),
      { polluted: true },
    );
  });

  test("a call of itself ends", () => {
    const newobj = "ccopyreg\n__newobj__\n";
    throws(
      () => loads(pickleOf(newobj, "(", newobj.repeat(5), "tR.")),
      FormatError,
    );
  });
});

describe("pickle: damage and limits", () => {
  const pickle = dumps({
    a: [1, 2.5, "text", null, true],
    b: new Set([1, 2n ** 70n]),
    c: new Uint8Array(300),
    d: PyTuple.of<unknown>(1, PyTuple.of()),
  });

  test("a pickle that is cut anywhere is said to be", () => {
    for (let end = 0; end < pickle.length; end++) {
      throws(() => loads(pickle.subarray(0, end)), TruncatedError);
    }
  });

  test("errors say where", () => {
    throws(
      () => loads(pickleOf("](K\x01K\x02\xff.")),
      (error) => error instanceof FormatError && error.offset === 6,
    );
  });

  test("limits are kept", () => {
    const nested = pickleOf("]".repeat(100), "a".repeat(99), ".");
    ok(loads(nested));
    throws(
      () => loads(pickleOf("(", "N".repeat(2000), "t."), { maxStack: 1500 }),
      LimitError,
    );
    throws(
      () => loads(pickleOf("N", "\x94".repeat(3000), "."), { maxMemo: 1500 }),
      LimitError,
    );
    throws(
      () => loads(pickleOf("\x8a\x09", "x".repeat(9), "."), { maxIntBytes: 8 }),
      LimitError,
    );
    throws(
      () => loads(pickleOf("L", "1".repeat(50), "L\n."), { maxDigits: 40 }),
      LimitError,
    );
  });
});

describe("pickle: calls that Python refuses", () => {
  const REFUSED: readonly (readonly [string, string])[] = [
    ["bytes of text without an encoding", "cbuiltins\nbytearray\n(Va\ntR."],
    ["bytes of two", "cbuiltins\nbytes\n(C\x01aNtR."],
    [
      "an encoding with errors that are no text",
      "c_codecs\nencode\n(Va\nVl1\nNtR.",
    ],
    ["text with half a character", "c_codecs\nencode\n(V\\ud800\nVutf8\ntR."],
    ["more arguments than there are", "ccollections\nCounter\n()}tR."],
    ["items for nothing", "(\x90N."],
    ["a slice of nothing", "cbuiltins\nslice\n(tR."],
    ["a key that is a UUID without its number", "}cuuid\nUUID\n)\x81Ns."],
  ];
  for (const [name, pickle] of REFUSED) {
    test(name, () => throws(() => loads(pickleOf(pickle)), FormatError));
  }

  test("but not a slice of one", () => {
    const { start, stop } = loads(
      pickleOf("cbuiltins\nslice\n(I5\ntR."),
    ) as PySlice;
    deepEqual([start, stop], [null, 5]);
  });
});

describe("pickle: names of early versions", () => {
  test("pandas called the classes of its scalars", () => {
    const module = "cpandas._libs.tslibs";
    const delta = pickleOf(`${module}.timedeltas\nTimedelta\n(I5\ntR.`);
    deepEqual(loads(delta), new PdTimedelta(5n, "ns"));
    const stamp = pickleOf(`${module}.timestamps\nTimestamp\n(I7\nNNtR.`);
    deepEqual(loads(stamp), new PdTimestamp(7n, "ns", null));
  });
});

describe("pickle: buffers", () => {
  const array = new Float64Array([1, 2, 3]);

  test("arrays are views of the input, or copies if that is asked for", () => {
    const pickle = dumps(array);
    const view = loads(pickle) as NdArray;
    equal((view.data as Uint8Array).buffer, pickle.buffer);
    const copy = loads(pickle, { copy: true }) as NdArray;
    ok((copy.data as Uint8Array).buffer !== pickle.buffer);
    deepStrictEqual(copy.toTypedArray(), array);
  });

  test("buffers out of band are what was given", () => {
    const one = new Uint8Array([1]);
    const two = new PyByteArray([2]);
    const pickle = pickleOf("\x97\x97\x98\x86.");
    const [a, b] = loads(pickle, { buffers: [one, two] }) as Uint8Array[];
    equal(a, one);
    ok(!(b instanceof PyByteArray));
    equal(b!.buffer, two.buffer);
    throws(() => loads(pickle, { buffers: [one] }), FormatError);
  });
});

describe("pickle: exceptions", () => {
  test("with cause, notes and traceback, as tblib writes them", () => {
    const pickle = pickleOf(
      "ctblib.pickling_support\nunpickle_exception_with_attrs\n",
      "(cbuiltins\nValueError\n}(Vargs\n(Vbad\nI1\ntV__dict__\n}Vcode\nI7\nsu",
      "cbuiltins\nKeyError\n)RN",
      "NI01\n](Vn\ne)tR.",
    );
    const error = loads(pickle) as PyException;
    ok(error instanceof Error);
    deepEqual([error.name, error.message, error.args], [
      "ValueError",
      "bad, 1",
      ["bad", 1],
    ]);
    equal((error.cause as PyException).name, "KeyError");
    deepEqual([...error.attributes], [["__notes__", ["n"]], ["code", 7]]);
  });

  test("of the system have the class that their number says", () => {
    const error = loads(
      pickleOf("cbuiltins\nOSError\n(I2\nVno file\nV/x\ntR."),
    ) as PyException;
    deepEqual([error.name, error.args], ["FileNotFoundError", [2, "no file"]]);
  });
});
