import { describe, test } from "bun:test";
import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { FormatError, LimitError, TruncatedError } from "../../src/errors.ts";
import { jsonArray, jsonArrayBatches } from "../../streams/json_array.ts";
import { jsonSeq } from "../../streams/json_seq.ts";
import { ndjson } from "../../streams/ndjson.ts";
import type { Bytes } from "../../src/types.ts";
import {
  fails,
  gives,
  latin,
  outcome,
  SIZES,
  textOf,
  toBytes,
} from "./_helpers.ts";

type Good = [text: string | Bytes, values: unknown[], options?: object];
type Bad = [
  text: string | Bytes,
  error: typeof FormatError | typeof LimitError,
  offset: number,
  options?: object,
];

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

const NDJSON_GOOD: Good[] = [
  ["", []],
  ["\n\n", []],
  [" \t\r\n", []],
  ["1", [1]],
  ["1\n", [1]],
  ['{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ['{"a":1}\r\n\r\n  [1, 2]\t\r\n"x"\r\n', [{ a: 1 }, [1, 2], "x"]],
  ["1\n\n \n2", [1, 2]],
  ["\ufeff1\n2\n", [1, 2]],
  ["\ufeff", []],
  ["\ufeff\n1", [1]],
  ['"é€😀"\nnull\ntrue', ["é€😀", null, true]],
  ['"\ufeff"\n"\ufffd"', ["\ufeff", "\ufffd"]],
  ['{"__proto__":1}', [JSON.parse('{"__proto__":1}')]],
  ["12345\n", [12345], { maxValueBytes: 5 }],
  ["[[]]\n[[]]", [[[]], [[]]], { maxDepth: 2 }],
];
const NDJSON_BAD: Bad[] = [
  ["1\nx\n2", FormatError, 2],
  ["1,2\n[3\n4]\n", FormatError, 1],
  ["1\n[3\n4]\n", FormatError, 4],
  ['{"a":\n1}', FormatError, 5],
  ['"a\nb"', FormatError, 2],
  ["1 2\n", FormatError, 2],
  ["1\n{}x", FormatError, 4],
  ["1\n\ufeff2", FormatError, 2],
  [latin('1\n"\xff"\n'), FormatError, 3],
  [latin('1\n"\xc3'), TruncatedError, 4],
  [latin("\xef\xbb"), TruncatedError, 2],
  [latin("\xef\xbbx"), FormatError, 2],
  ['1\n{"a":', TruncatedError, 7],
  ["tru", TruncatedError, 3],
  ["1\n123456\nx", LimitError, 7, { maxValueBytes: 5 }],
  ["1\n123456", LimitError, 7, { maxValueBytes: 5 }],
  ["x\n123456", FormatError, 0, { maxValueBytes: 5 }],
  ["1\n[[[]]]\nx", LimitError, 4, { maxDepth: 2 }],
  ["1\n[[[[[", LimitError, 4, { maxDepth: 2 }],
  [`1\n${deep(1001)}`, LimitError, 1002],
];

const SEQ_GOOD: Good[] = [
  ["", []],
  ["\x1e1\n", [1]],
  ['\x1e{"a":1}\n\x1e{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ['\x1e{\n"a":\n1}\n\n\x1e[\n\n]\n', [{ a: 1 }, []]],
  ['\x1e"a"\x1e[1]\x1e{}', ["a", [1], {}]],
  ["\x1e\x1e1\n\x1e\n\x1e \x1e", [1]],
  ["\n\x1e1 ", [1]],
  ['\x1e"a\\"\\\\"\n\x1e"]"\n', ['a"\\', "]"]],
];
const SEQ_BAD: Bad[] = [
  ["1\n", FormatError, 0],
  ["\n x\x1e1\n", FormatError, 2],
  ["\x1e1", TruncatedError, 2],
  ["\x1etrue", TruncatedError, 5],
  ["\x1enull\x1e1\n", TruncatedError, 5],
  ["\x1e1\n\x1e[1,\x1e2\n", TruncatedError, 7],
  ["\x1e1\n\x1e[1,", TruncatedError, 7],
  ['\x1e"a', TruncatedError, 3],
  ["\x1e1\n2\n", FormatError, 3],
  ["\x1e{}\n\n}\x1e", FormatError, 5],
  ["\x1e[1}\n", FormatError, 3],
  ["\x1e1,2\n\x1e3\n", FormatError, 2],
  ["\x1e]\n", FormatError, 1],
  ["\x1etr\nue\n", FormatError, 3],
  [latin('\x1e1\n\x1e"\xff"\n'), FormatError, 5],
  ["\x1e1\n\x1e1234567", LimitError, 9, { maxValueBytes: 5 }],
  ["\x1e[[[]]]\n", LimitError, 3, { maxDepth: 2 }],
];

const ARRAY_GOOD: Good[] = [
  ["[]", []],
  [" [ \n ] \n", []],
  ["\ufeff[1]", [1]],
  ["[1]", [1]],
  ["[1, 2 ,3]", [1, 2, 3]],
  ['[{"a":[1,2]},[[],{}],"x,]\\"\\\\",null,-1e5]', [
    { a: [1, 2] },
    [[], {}],
    'x,]"\\',
    null,
    -1e5,
  ]],
  ['["é€😀","\\u00e9"]', ["é€😀", "é"]],
  ['{"items":[1,2]}', [1, 2], { path: "$.items[*]" }],
  ['{"a":{"items":[9]},"b":"items","items":[1],"z":[[]]}', [1], {
    path: "$.items[*]",
  }],
  ['{"\\u0069tems":[1]}', [1], { path: "$.items[*]" }],
  [' { "a b" : [ 0 , { "c" : [ 7 ] , "d" : 1 } , [] ] } ', [7], {
    path: '$["a b"][1].c[*]',
  }],
  ["[[1],[2,3],[4]]", [2, 3], { path: "$[1][*]" }],
  ["[[1],[]]", [], { path: "$[1][*]" }],
  ['{"é":[1]}', [1], { path: "$.é[*]" }],
  ['{"":[1]}', [1], { path: '$[""][*]' }],
  [
    '{"x":"items","y":{"items":[3]},"itemsitemsitemsitemsitemsitemsitemsitems":[2],"items":[1]}',
    [1],
    { path: "$.items[*]" },
  ],
  ["[12345,12345]", [12345, 12345], { maxValueBytes: 5 }],
  ["[[[]],[[]]]", [[[]], [[]]], { maxDepth: 2 }],
];
const ITEMS = { path: "$.items[*]" };
const ARRAY_BAD: Bad[] = [
  ["[1,,2]", FormatError, 3],
  ["[,1]", FormatError, 1],
  ["[1,]", FormatError, 3],
  ["[1, ]", FormatError, 4],
  ["[ ,]", FormatError, 2],
  ["[1 2]", FormatError, 3],
  ["[1}", FormatError, 2],
  ["[}", FormatError, 1],
  ["[1,}", FormatError, 3],
  ["[[1}]", FormatError, 3],
  ['[{"a":1],2]', FormatError, 7],
  ["[1]]", FormatError, 3],
  ["[1] x", FormatError, 4],
  ["[1],[2]", FormatError, 3],
  ["x[1]", FormatError, 0],
  ["1", FormatError, 0],
  ['"[1]"', FormatError, 0],
  ["{}", FormatError, 0],
  ['[1,"\n"]', FormatError, 4],
  ["[1,tru]", FormatError, 6],
  ["[1,tru,2]", FormatError, 6],
  [latin('[1,"\xff",2]'), FormatError, 4],
  ["[01]", FormatError, 2],
  ["[1:2]", FormatError, 2],
  ['["a":1]', FormatError, 4],
  ["", TruncatedError, 0],
  [" ", TruncatedError, 1],
  ["[", TruncatedError, 1],
  ["[1", TruncatedError, 2],
  ["[1,", TruncatedError, 3],
  ['[1,"', TruncatedError, 4],
  ["[1,{x", FormatError, 4],
  [latin("\xef\xbb"), TruncatedError, 2],
  ['{"items":[1]', TruncatedError, 12, ITEMS],
  ['{"items"', TruncatedError, 8, ITEMS],
  ["{}", FormatError, 1, ITEMS],
  ['{"item":[1]}', FormatError, 11, ITEMS],
  ['{"items":{}}', FormatError, 9, ITEMS],
  ['{"items":1}', FormatError, 9, ITEMS],
  ['{"items":null,"items":[]}', FormatError, 9, ITEMS],
  ['{"items":x}', FormatError, 9, ITEMS],
  ['{"items":[1],"items":[2]}', FormatError, 21, ITEMS],
  ['{"items":[1],}', FormatError, 13, ITEMS],
  ['{"a":[1}', FormatError, 7, ITEMS],
  ['{"a":01,"items":[]}', FormatError, 6, ITEMS],
  ['{"items":[1]}}', FormatError, 13, ITEMS],
  ["[1]", FormatError, 0, ITEMS],
  ["[[1]]", FormatError, 4, { path: "$[1][*]" }],
  ["[[1],2]", FormatError, 5, { path: "$[1][*]" }],
  ["[1,123456,x]", LimitError, 8, { maxValueBytes: 5 }],
  ["[1,123456", LimitError, 8, { maxValueBytes: 5 }],
  ["[1,123456]", LimitError, 8, { maxValueBytes: 5 }],
  ["[x,123456]", FormatError, 1, { maxValueBytes: 5 }],
  ["[1,[[[]]]]", LimitError, 5, { maxDepth: 2 }],
  ["[x,[[[]]]]", FormatError, 1, { maxDepth: 2 }],
  ['{"a":[[[]]],"items":[]}', LimitError, 6, { ...ITEMS, maxDepth: 2 }],
];

const STAGES = [
  ["ndjson", ndjson, NDJSON_GOOD, NDJSON_BAD],
  ["json-seq", jsonSeq, SEQ_GOOD, SEQ_BAD],
  ["json-array", jsonArray, ARRAY_GOOD, ARRAY_BAD],
] as const;

for (const [name, stage, good, bad] of STAGES) {
  describe(`${name} decoder`, () => {
    test("gives the values, however the input is cut", async () => {
      for (const [text, values, options] of good) {
        await gives(text, () => stage(options).decoder(), values);
      }
    });

    test("names the first wrong byte, however the input is cut", async () => {
      for (const [text, Class, offset, options] of bad) {
        await fails(text, () => stage(options).decoder(), Class, offset);
      }
    });

    test("is quick and safe on a million levels", async () => {
      const open = name === "json-seq" ? "\x1e" : "";
      const bytes = toBytes(open + "[".repeat(1e6));
      for (const size of [4096, 1 << 30]) {
        const error = await outcome(bytes, stage().decoder(), size);
        equal((error as Error).constructor, LimitError);
      }
    });
  });
}

test("json-array decoder says TruncatedError for every strict prefix", async () => {
  for (const [text, , options] of ARRAY_GOOD) {
    const bytes = toBytes(typeof text === "string" ? text.trim() : text);
    for (let end = 0; end < bytes.length; end++) {
      const error = await outcome(
        bytes.subarray(0, end),
        jsonArray(options).decoder(),
        3,
      );
      equal((error as Error).constructor, TruncatedError, `${text} ${end}`);
    }
  }
});

const plain = fc.jsonValue({ noUnicodeString: false } as never).map((value) =>
  JSON.parse(JSON.stringify(value)) as unknown
);
const path = fc.constantFrom("$[*]", "$.items[*]", '$["a b"][0].c[*]');

test("decoders bring back what encoders wrote", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plain, { maxLength: 20 }),
      path,
      fc.constantFrom(...SIZES),
      async (values, path, size) => {
        for (const stage of [ndjson(), jsonSeq(), jsonArray({ path })]) {
          const text = await textOf(values, stage.encoder());
          deepEqual(
            await outcome(toBytes(text), stage.decoder(), size),
            values,
          );
          if (stage.name === "json-array" && path === "$[*]") {
            deepEqual(JSON.parse(text), values);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("json-array decoder agrees with JSON.parse on damaged arrays", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plain, { maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'[]{},:"\\ 1x')), {
        maxLength: 2,
      }),
      fc.constantFrom(...SIZES),
      async (values, edits, size) => {
        const bytes = toBytes(JSON.stringify(values));
        for (const [at, letter] of edits) {
          bytes[at % bytes.length] = letter.charCodeAt(0);
        }
        let expected: unknown;
        try {
          expected = JSON.parse(
            new TextDecoder("utf-8", { fatal: true }).decode(bytes),
          );
        } catch {
          expected = undefined;
        }
        const actual = await outcome(bytes, jsonArrayBatches().decoder(), size);
        if (Array.isArray(expected)) {
          deepEqual((actual as unknown[]).flat(1), expected);
        } else equal(actual instanceof FormatError, true, String(actual));
      },
    ),
    { numRuns: 400 },
  );
});
