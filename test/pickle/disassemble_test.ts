import { describe, test } from "bun:test";
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import {
  disassemble,
  dumps,
  formatInstruction,
  inspectPickle,
  PyDate,
} from "../../src/pickle/mod.ts";
import { FormatError, TruncatedError } from "../../src/errors.ts";
import { OPCODES } from "../../src/pickle/opcodes.ts";
import { pickleOf } from "./_bytes.ts";

describe("pickle: disassembler", () => {
  test("there are 68 opcodes, each once", () => {
    equal(new Set(OPCODES.map(({ code }) => code)).size, 68);
    equal(new Set(OPCODES.map(({ name }) => name)).size, 68);
  });

  test("lists as Python does", () => {
    const pickle = pickleOf(
      "\x80\x02}q\x00(U\x01aq\x01K\x01X\x03\x00\x00\x00\xe2\x82\xacG?\xf8\x00\x00\x00\x00\x00\x00u(0.",
    );
    const lines = [...disassemble(pickle)].map((row) => formatInstruction(row));
    deepEqual(lines, [
      "    0: \\x80 PROTO      2",
      "    2: }    EMPTY_DICT",
      "    3: q    BINPUT     0",
      "    5: (    MARK",
      "    6: U        SHORT_BINSTRING 'a'",
      "    9: q        BINPUT     1",
      "   11: K        BININT1    1",
      "   13: X        BINUNICODE '€'",
      "   21: G        BINFLOAT   1.5",
      "   30: u        SETITEMS   (MARK at 5)",
      "   31: (    MARK",
      "   32: 0        POP        (MARK at 31)",
      "   33: .    STOP",
    ]);
  });

  test("cuts long arguments, and hides what a terminal would act on", () => {
    const pickle = dumps(["x".repeat(500), "\x1b[2J\u202e"]);
    const lines = [...disassemble(pickle)].map((row) =>
      formatInstruction(row, { maxLength: 20 })
    );
    ok(lines.every((line) => line.length < 80));
    ok(
      lines.every((line) => !line.includes("\x1b") && !line.includes("\u202e")),
    );
  });

  test("gives what comes before damage", () => {
    const names: string[] = [];
    throws(() => {
      for (const { name } of disassemble(pickleOf("]\xff"))) names.push(name);
    }, FormatError);
    deepEqual(names, ["EMPTY_LIST"]);
    throws(() => [...disassemble(pickleOf("K"))], TruncatedError);
  });
});

describe("pickle: verdict", () => {
  test("tells plain data, known types and what Python would import", () => {
    equal(inspectPickle(dumps({ a: [1] })).kind, "plain");
    const known = inspectPickle(dumps(new PyDate(2024, 1, 1)));
    deepEqual([known.kind, known.known], ["known", ["datetime.date"]]);
    const unknown = inspectPickle(
      pickleOf("\x80\x04\x8c\x02os\x940\x8c\x06getcwd\x940h\x00h\x01\x93)R0N."),
    );
    deepEqual([unknown.kind, unknown.unknown], ["unknown", ["os.getcwd"]]);
    equal(unknown.protocol, 4);
  });

  test("names what comes before damage, and needs no hooks", () => {
    const broken = inspectPickle(pickleOf("cos\nsystem\n(K\x01tR"));
    deepEqual([broken.kind, broken.unknown], ["broken", ["os.system"]]);
    ok(broken.error instanceof TruncatedError);
    equal(inspectPickle(pickleOf("\x97\x98Pid\nU\x01\xe9\x87.")).kind, "plain");
    equal(inspectPickle(pickleOf("\x82\x05.")).kind, "unknown");
  });
});
