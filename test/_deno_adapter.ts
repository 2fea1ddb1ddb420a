/**
 * `bun:test` for Deno: the few names that the tests here use, over `Deno.test`.
 * An entry of the import map puts it in place, so that one set of test files runs on both.
 */
type Body = () => void | Promise<void>;
type Define = (name: string, fn: Body, timeout?: number) => void;
type Test = Define & { skipIf(skip: boolean): Define };

const names: string[] = [];

/** Groups tests under a name. */
export function describe(name: string, body: () => void): void {
  names.push(name);
  body();
  names.pop();
}

/** One test; the time limit that `bun:test` takes third is not needed here. */
export const test: Test = Object.assign(
  (name: string, fn: Body) => define(name, fn, false),
  {
    skipIf: (skip: boolean) => (name: string, fn: Body) =>
      define(name, fn, skip),
  },
);

function define(name: string, fn: Body, ignore: boolean): void {
  Deno.test({
    name: [...names, name].join(" > "),
    fn,
    ignore,
    sanitizeOps: false,
    sanitizeResources: false,
  });
}

export const beforeAll: (fn: Body) => void = Deno.test.beforeAll;
export const afterAll: (fn: Body) => void = Deno.test.afterAll;
