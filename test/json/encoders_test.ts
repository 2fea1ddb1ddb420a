import { describe, test } from "bun:test";
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import fc from "fast-check";
import {
  FormatError,
  LimitError,
  SerializeError,
  TruncatedError,
} from "../../src/errors.ts";
import { jsonArray, jsonArrayBatches } from "../../streams/json_array.ts";
import { jsonDocument } from "../../streams/json_document.ts";
import { jsonSeq, jsonSeqBatches } from "../../streams/json_seq.ts";
import { ndjson, ndjsonBatches } from "../../streams/ndjson.ts";
import {
  collect,
  fails,
  gives,
  latin,
  streamOf,
  textOf,
  toBytes,
} from "./_helpers.ts";

class Point {
  x = 1;
}

const cyclic: Record<string, unknown> = { a: {} };
cyclic.a = { b: [cyclic] };

/** What plain JSON does not bring back, and where it is. */
const REFUSED: [unknown, string][] = [
  [undefined, ""],
  [NaN, ""],
  [-0, ""],
  [10n, ""],
  [new Date(0), ""],
  [{ when: new Date(0) }, ".when"],
  [{ a: [1, { "b c": Infinity }] }, '.a[1]["b c"]'],
  [[1, , 2], "[1]"],
  [{ f() {} }, ".f"],
  [[Symbol()], "[0]"],
  [{ [Symbol()]: 1 }, ""],
  [new Map(), ""],
  [new Uint8Array(1), ""],
  [{ p: new Point() }, ".p"],
  [{ o: Object.create(null) }, ".o"],
  [cyclic, ".a.b[0]"],
  [new Number(1), ""],
];

const LARGE = Array.from(
  { length: 3000 },
  (_, i) => ({ id: i, tags: ["é", '"'] }),
);
const ACCEPTED: unknown[] = [
  ...[null, true, 1.5, "", "é\n\ud800", [], {}, [[], {}], { $oid: "x" }],
  Object.freeze({ a: Object.freeze([1]) }),
  { a: { $oid: "1" } },
  JSON.parse('{"__proto__":{"a":1},"b":2}'),
  { "10": 1, "2": 2, a: 3 },
  LARGE,
  { LARGE, text: "x".repeat(1e5), "__proto__x": [LARGE] },
  Object.fromEntries(LARGE.map((item) => [`k${item.id}`, item])),
  "long".repeat(5e4),
];

const failure = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    return error as SerializeError;
  }
  throw new Error("It should have failed");
};

function nested(levels: number): unknown[] {
  let value: unknown[] = [];
  for (let i = 1; i < levels; i++) value = [value];
  return value;
}

describe("encoders", () => {
  test("write what JSON.stringify writes of plain values", async () => {
    for (const value of ACCEPTED) {
      const text = JSON.stringify(value);
      equal(await textOf([value], ndjson().encoder()), text + "\n");
      equal(await textOf([[value]], ndjsonBatches().encoder()), text + "\n");
      equal(await textOf([value], jsonSeq().encoder()), `\x1e${text}\n`);
      equal(await textOf([value], jsonArray().encoder()), `[${text}]`);
      equal(await textOf([value], jsonDocument().encoder()), text);
      equal(
        await textOf([value], jsonDocument({ lossy: true }).encoder()),
        text,
      );
    }
  });

  test("write batches as they write values one by one", async () => {
    const same = [{ id: 1 }, { id: '},{"id":' }, { id: 2, x: "é€😀" }, {
      id: "",
    }];
    const nested = [{ id: 1, x: [{ id: 1 }, { id: 2 }] }, { id: 3 }];
    const mixed = [{ id: 1, x: [{ id: 1 }, { id: 2 }] }, { other: 3 }];
    const quoted = [{ '"': 1 }, { '"': [{ '"': "\\" }] }, { '"': 2 }];
    const batches = [
      same,
      nested,
      mixed,
      quoted,
      [{}, {}],
      [[1], [2]],
      [null, null],
      LARGE,
      [...ACCEPTED, ...LARGE],
    ];
    for (const maxBytes of [1, 30, 1000, 65536]) {
      for (const batch of [...batches, batches.flat()] as unknown[][]) {
        const lines = batch.map((value) => JSON.stringify(value) + "\n");
        equal(
          await textOf([batch, batch], ndjsonBatches({ maxBytes }).encoder()),
          [...lines, ...lines].join(""),
        );
        const records = lines.map((line) => "\x1e" + line);
        equal(
          await textOf([batch], jsonSeqBatches({ maxBytes }).encoder()),
          records.join(""),
        );
        equal(
          await textOf([batch], jsonArrayBatches({ maxBytes }).encoder()),
          JSON.stringify(batch),
        );
      }
    }
  });

  test("refuse what JSON does not bring back, and tell where it is", async () => {
    for (const [value, path] of REFUSED) {
      const values = [1, { a: 1 }, value];
      for (const stage of [ndjson(), jsonSeq(), jsonArray()]) {
        const error = await failure(textOf(values, stage.encoder()));
        ok(error instanceof SerializeError, String(error));
        equal(error.path, "$[2]" + path);
      }
      const error = await failure(textOf([value], jsonDocument().encoder()));
      ok(error instanceof SerializeError, String(error));
      equal(error.path, "$" + path);
    }
  });

  test("write as JSON.stringify does when told to", async () => {
    const lossy = { lossy: true };
    const values = REFUSED.map(([value]) => value)
      .filter((value) => value !== cyclic && typeof value !== "bigint");
    values.push({ toJSON: () => [1n < 2n] }, {
      a: undefined,
      b: [undefined],
    });
    const whole = JSON.stringify(values);
    equal(await textOf(values, jsonArray(lossy).encoder()), whole);
    equal(await textOf([values], jsonDocument(lossy).encoder()), whole);
    const object = Object.fromEntries(
      values.map((value, i) => [`k${i}`, value]),
    );
    object.named = { toJSON: (key: string) => ({ key }) };
    equal(
      await textOf([object], jsonDocument(lossy).encoder()),
      JSON.stringify(object),
    );
    for (const [value, path] of [[[1n], "[0]"], [{ cyclic }, ""]] as const) {
      const error = await failure(textOf([value], ndjson(lossy).encoder()));
      ok(error instanceof SerializeError);
      equal(error.path, "$[0]");
      const other = await failure(
        textOf([value], jsonDocument(lossy).encoder()),
      );
      ok(other instanceof SerializeError);
      ok(other.path.startsWith("$" + path));
    }
  });

  test("limit depth", async () => {
    for (const stage of [ndjson, jsonSeq, jsonArray, jsonDocument]) {
      for (const levels of [3, 700]) {
        const exact = stage({ maxDepth: levels });
        ok((await textOf([nested(levels)], exact.encoder())).includes("[[["));
        const error = await failure(
          textOf([nested(levels + 1)], exact.encoder()),
        );
        ok(error instanceof LimitError, String(error));
      }
      const error = await failure(textOf([nested(1e6)], stage().encoder()));
      ok(error instanceof LimitError, String(error));
    }
  });

  test("put the object of the path around the elements", async () => {
    const path = '$["a b"][0].c[*]';
    equal(
      await textOf([1, 2], jsonArray({ path }).encoder()),
      '{"a b":[{"c":[1,2]}]}',
    );
    equal(
      await textOf([], jsonArray({ path }).encoder()),
      '{"a b":[{"c":[]}]}',
    );
    equal(await textOf([], jsonArray().encoder()), "[]");
    equal(await textOf([], ndjson().encoder()), "");
    equal(
      await textOf([[1, 2], []], jsonSeqBatches().encoder()),
      "\x1e1\n\x1e2\n",
    );
  });

  test("say what is wrong with a path", () => {
    for (
      const path of [
        "",
        "$",
        "items",
        "$.items",
        "$.a..b[*]",
        "$[-1][*]",
        "$[*][*]",
        "$['a'][*]",
        "$.[*]",
      ]
    ) {
      let error: unknown;
      try {
        jsonArray({ path });
      } catch (thrown) {
        error = thrown;
      }
      ok(error instanceof SyntaxError, path);
    }
  });

  test("send pieces of about the size wanted", async () => {
    for (const stage of [ndjson(), jsonDocument()]) {
      const values = stage.name === "json"
        ? [LARGE.concat(LARGE)]
        : [...LARGE, ...LARGE];
      const pieces = await collect(
        streamOf(values as unknown[]).pipeThrough(stage.encoder()),
      );
      ok(pieces.length > 2);
      for (const piece of pieces.slice(0, -1)) {
        ok(piece.length >= 65536 && piece.length < 80000, String(piece.length));
      }
    }
  });

  test("do not hold a slow source back", async () => {
    const { readable, writable } = ndjson({ maxDelay: 1 }).encoder();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const read = reader.read();
    await writer.write(1);
    equal(new TextDecoder().decode((await read).value), "1\n");
    await reader.cancel();
  });
});

describe("json", () => {
  test("awaits promises and takes items as they are wanted", async () => {
    async function* items() {
      yield 1;
      yield { deep: [Promise.resolve("x")] };
      yield* LARGE;
    }
    const value = () => ({
      empty: streamOf([]),
      items: items(),
      p: Promise.resolve(items()),
      s: streamOf([[streamOf([{}])], "é"]),
      end: null,
    });
    const array = [1, { deep: ["x"] }, ...LARGE];
    const expected = {
      empty: [],
      items: array,
      p: array,
      s: [[[{}]], "é"],
      end: null,
    };
    for (const lossy of [false, true]) {
      const text = await textOf([value()], jsonDocument({ lossy }).encoder());
      equal(text, JSON.stringify(expected));
    }
    equal(await textOf([Promise.resolve(1)], jsonDocument().encoder()), "1");
    equal(
      await textOf(
        [{ a: Promise.resolve(undefined), b: 1 }],
        jsonDocument({ lossy: true }).encoder(),
      ),
      '{"b":1}',
    );
  });

  test("tells the path of what it refuses among awaited things", async () => {
    const cases: [unknown, string][] = [
      [{ s: streamOf([1, new Uint8Array(1)]) }, "$.s[1]"],
      [{ s: streamOf([1, { d: new Date() }]) }, "$.s[1].d"],
      [[Promise.resolve(NaN)], "$[0]"],
    ];
    for (const [value, path] of cases) {
      const error = await failure(textOf([value], jsonDocument().encoder()));
      ok(error instanceof SerializeError);
      equal(error.path, path);
    }
    const locked = streamOf([1]);
    locked.getReader();
    const error = await failure(textOf([{ locked }], jsonDocument().encoder()));
    ok(error instanceof SerializeError);
    equal(error.path, "$.locked");
  });

  test("passes the errors of what it awaits on as they are", async () => {
    const wrong = new Error("mine");
    async function* broken() {
      yield 1;
      throw wrong;
    }
    const erring = new ReadableStream({
      pull: (controller) => controller.error(wrong),
    });
    for (const value of [broken(), [Promise.reject(wrong)], { erring }]) {
      equal(await failure(textOf([value], jsonDocument().encoder())), wrong);
    }
  });

  test("pulls with backpressure, and lets go of everything when cancelled", async () => {
    let made = 0;
    let returned = false;
    let cancelled: unknown;
    async function* outer() {
      try {
        for (;;) {
          yield new ReadableStream({
            pull(controller) {
              made++;
              controller.enqueue("x".repeat(1000));
            },
            cancel(reason) {
              cancelled = reason;
            },
          }, { highWaterMark: 0 });
        }
      } finally {
        returned = true;
      }
    }
    const reader = streamOf([{ rows: outer() }])
      .pipeThrough(jsonDocument().encoder()).getReader();
    await reader.read();
    const before = made;
    await new Promise((resolve) => setTimeout(resolve, 5));
    equal(made, before);
    ok(made < 100);
    const reason = new Error("enough");
    await reader.cancel(reason);
    await new Promise((resolve) => setTimeout(resolve, 5));
    equal(cancelled, reason);
    ok(returned);
  });

  test("sends on what it has while it waits", async () => {
    let go = () => {};
    const value = [1, new Promise<number>((resolve) => go = () => resolve(2))];
    const reader = streamOf([value])
      .pipeThrough(jsonDocument({ maxDelay: 1 }).encoder()).getReader();
    equal(new TextDecoder().decode((await reader.read()).value), "[1");
    go();
    equal(new TextDecoder().decode((await reader.read()).value), ",2]");
    ok((await reader.read()).done);
  });

  test("holds one value", async () => {
    for (const values of [[], [1, 2]]) {
      await rejects(textOf(values, jsonDocument().encoder()), SerializeError);
    }
  });

  test("parses a whole text", async () => {
    const decoder = (options = {}) => () => jsonDocument(options).decoder();
    await gives(' \ufeff{"a":[1,"é"]}\n'.trim(), decoder(), [{ a: [1, "é"] }]);
    await gives("12345", decoder({ maxValueBytes: 5 }), [12345]);
    await fails("", decoder(), TruncatedError, 0);
    await fails("\ufeff", decoder(), TruncatedError, 3);
    await fails('{"a":', decoder(), TruncatedError, 5);
    await fails("1 2", decoder(), FormatError, 2);
    await fails(latin('"\xff"'), decoder(), FormatError, 1);
    await fails("123456", decoder({ maxValueBytes: 5 }), LimitError, 5);
    await fails("[[[]]]", decoder({ maxDepth: 2 }), LimitError, 2);
    await fails("[".repeat(2001), decoder(), LimitError, 1000);
  });

  test("brings back whatever JSON can", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        const text = await textOf(
          [plain],
          jsonDocument({ maxBytes: 1 }).encoder(),
        );
        equal(text, JSON.stringify(plain));
        await gives(toBytes(text), () => jsonDocument().decoder(), [plain]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("every decoder and encoder", () => {
  const stages = [ndjson(), jsonSeq(), jsonArray(), jsonDocument()];
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

  test("passes the errors of its source on as they are", async () => {
    const wrong = new Error("mine");
    for (const stage of stages) {
      for (const direction of [stage.decoder(), stage.encoder()]) {
        const source = new ReadableStream({
          pull: (controller) => controller.error(wrong),
        });
        const output = source.pipeThrough(
          direction as TransformStream<unknown, unknown>,
        );
        equal(await failure(collect(output)), wrong);
      }
    }
  });

  test("cancels its source", async () => {
    for (const stage of stages) {
      for (const direction of [stage.decoder(), stage.encoder()]) {
        let cancelled: unknown;
        const source = new ReadableStream({
          cancel: (reason) => void (cancelled = reason),
        });
        const output = source.pipeThrough(
          direction as TransformStream<unknown, unknown>,
        );
        const reader = output.getReader();
        const read = reader.read();
        const reason = new Error("enough");
        await reader.cancel(reason);
        ok((await read).done);
        await settle();
        equal(cancelled, reason, stage.name);
      }
    }
  });

  test("tells its source what went wrong", async () => {
    for (const stage of stages) {
      let cancelled: unknown;
      const source = new ReadableStream({
        pull: (controller) => controller.enqueue(latin("}\n\x1e}\n")),
        cancel: (reason) => void (cancelled = reason),
      }, { highWaterMark: 0 });
      const decoder = stage.name === "json"
        ? jsonDocument({ maxValueBytes: 20 }).decoder()
        : stage.decoder();
      const error = await failure(collect(source.pipeThrough(decoder)));
      await settle();
      equal(cancelled, error, stage.name);
    }
  });

  test("takes no more than is asked for", async () => {
    for (const stage of stages.slice(0, 3)) {
      let pulled = 0;
      const record = stage.name === "ndjson"
        ? "1\n"
        : stage.name === "json-seq"
        ? "\x1e1\n"
        : "1,";
      const source = new ReadableStream({
        pull(controller) {
          controller.enqueue(
            latin((pulled++ === 0 && record === "1," ? "[" : "") + record),
          );
        },
      }, { highWaterMark: 0 });
      const reader = source.pipeThrough(stage.decoder()).getReader();
      equal((await reader.read()).value, 1);
      await settle();
      ok(pulled <= 4, `${stage.name}: ${pulled}`);
      await reader.cancel();
    }
  });

  test("makes few values at a time of one huge chunk", async () => {
    const chunk = latin(`[${"1234567,".repeat(1e5)}1]`);
    const reader = streamOf([chunk]).pipeThrough(jsonArray().decoder())
      .getReader();
    let count = 0;
    for (; !(await reader.read()).done; count++);
    equal(count, 100001);
    const lines = streamOf([latin("1\n".repeat(1e5))]).pipeThrough(
      ndjsonBatches().decoder(),
    );
    const sizes = (await collect(lines)).map((batch) => batch.length);
    ok(Math.max(...sizes) <= 32768 + 1);
    deepEqual(sizes.reduce((a, b) => a + b), 1e5);
  });
});
