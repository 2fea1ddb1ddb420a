import { describe, test } from "bun:test";
import { deepEqual, equal, ok } from "node:assert/strict";
import { dependencies, shippedSources, type Source } from "./_sources.ts";
import { exported } from "./exports.ts";

const sources = shippedSources();
const all = [...sources.values()];

/** What may import what: each layer, itself and those before it. The first that fits a path is its layer. */
const layers:
  readonly (readonly [rank: number, name: string, paths: RegExp])[] = [
    [0, "types and errors", /^src\/(types|errors)\.ts$/],
    [2, "dask, prefect", /^src\/(dask|prefect)\//],
    [5, "cli, server, inspector", /^(cli\.ts$|src\/(cli|server|inspector)\/)/],
    [1, "registry, formats, serializations", /^src\//],
    [3, "streams", /^streams\//],
    [4, "mod.ts", /^mod\.ts$/],
  ];

function layerOf(path: string): readonly [number, string] {
  for (const [rank, name, paths] of layers) {
    if (paths.test(path)) return [rank, name];
  }
  throw new Error(`${path} is of no layer`);
}

/** Files that are longer than they should be, and how long they may be; the list is to become shorter. */
const LONGER = new Map([
  ["src/errors.ts", 260],
  ["src/codecs/lzma/decoder.ts", 460],
  ["src/pickle/values/ndarray.ts", 270],
]);

/** Runs on any runtime: all but the command line and the server. */
const isPortable = ({ path }: Source) => layerOf(path)[0] < 5;

describe("the sources", () => {
  test("are found, with their imports and exports", () => {
    ok(all.length > 100);
    const registry = sources.get("src/registry.ts")!;
    ok(registry.imports.some(({ target }) => target === "src/errors.ts"));
    ok(
      registry.imports.some(({ target, typeOnly }) =>
        target === "src/types.ts" && typeOnly
      ),
    );
    ok(registry.names.includes("Registry"));
    ok(sources.get("mod.ts")!.stars.includes("streams/mod.ts"));
  });

  test("import in one direction", () => {
    const wrong = all.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target.endsWith(".ts"))
        .filter(({ target }) => layerOf(target)[0] > layerOf(path)[0])
        .map(({ target }) => `${path} imports ${target}`)
    );
    deepEqual(wrong, []);
  });

  test("import files that there are, and packages that are said", () => {
    const known = [...dependencies(), ...sources.keys(), "deno.json"];
    const wrong = all.flatMap(({ path, imports }) =>
      imports.filter(({ target }) =>
        !target.startsWith("node:") &&
        !known.some((name) => target === name || target.startsWith(`${name}/`))
      ).map(({ target }) => `${path} imports ${target}`)
    );
    deepEqual(wrong, []);
  });

  test("ask for Node's modules only where they run on a machine", () => {
    const wrong = all.filter(isPortable).flatMap(({ path, imports }) =>
      imports.filter(({ target, typeOnly }) =>
        target.startsWith("node:") && !typeOnly
      ).map(({ target }) => `${path} imports ${target}`)
    );
    deepEqual(wrong, []);
  });

  test("have no circles", () => deepEqual(circleIn(sources), undefined));

  test("are short", () => {
    const long = all.filter(({ path, lines }) =>
      lines > (LONGER.get(path) ?? 250)
    )
      .map(({ path, lines }) => `${path}: ${lines}`);
    deepEqual(long, []);
  });
});

/** The first circle of imports, if there is one; types are no part of it, since they are gone when it runs. */
function circleIn(sources: ReadonlyMap<string, Source>): string[] | undefined {
  const done = new Set<string>();
  const walk = (
    path: string,
    above: readonly string[],
  ): string[] | undefined => {
    if (above.includes(path)) {
      return [...above.slice(above.indexOf(path)), path];
    }
    if (done.has(path)) return undefined;
    for (const { target, typeOnly } of sources.get(path)?.imports ?? []) {
      const circle = typeOnly ? undefined : walk(target, [...above, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of sources.keys()) {
    const circle = walk(path, []);
    if (circle) return circle;
  }
  return undefined;
}

test("a circle would be seen", () => {
  const make = (path: string, ...targets: string[]): [string, Source] => {
    const imports = targets.map((target) => ({
      target,
      typeOnly: false,
      dynamic: false,
      clause: "{ x }",
    }));
    return [path, { path, lines: 1, imports, names: [], stars: [] }];
  };
  const round = new Map([make("a", "b"), make("b", "c", "d"), make("d", "b")]);
  deepEqual(circleIn(round), ["b", "d", "b"]);
});

/** Each name that a module exports, and where it is declared; `export *` hides a name that two declare, without a word. */
function exportsOf(path: string): [name: string, from: string][] {
  const { names, stars, imports } = sources.get(path)!;
  return [
    ...names.map((name): [string, string] => {
      // A name that is exported under another one counts as declared where that is done.
      const from = imports.find(({ clause }) => clauseNames(clause, name));
      const inner = from && sources.has(from.target) &&
        exportsOf(from.target).find(([known]) => known === name);
      return [name, inner ? inner[1] : path];
    }),
    ...stars.flatMap(exportsOf),
  ];
}

const clauseNames = (clause: string, name: string) =>
  clause.startsWith("{") &&
  clause.slice(1, -1).split(",").some((each) =>
    each.trim().replace(/^type /, "") === name
  );

describe("the names that are exported", () => {
  for (const [path, list] of Object.entries(exported)) {
    test(`by ${path}, are unique`, () => {
      const seen = new Map<string, string>();
      for (const [name, from] of exportsOf(path)) {
        const other = seen.get(name) ?? from;
        equal(other, from, `${name} is of ${other} and of ${from}`);
        seen.set(name, from);
      }
    });

    test(`by ${path}, are those that are listed`, () => {
      const names = new Set(exportsOf(path).map(([name]) => name));
      deepEqual([...names].sort(), [...new Set(list)].sort());
    });

    test(`by ${path}, are there`, async () => {
      const listed = new Set<string>(list);
      const module = await import(`../../${path}`);
      for (const name of Object.keys(module)) ok(listed.has(name), name);
    });
  }
});
