/** As much of `node:assert/strict` as the tables use, where there is no Node. */
export function ok(value: unknown, message = "it is false"): void {
  if (!value) throw new Error(message);
}

export function fail(message: string): never {
  throw new Error(message);
}

export function equal(actual: unknown, expected: unknown, message = ""): void {
  if (!Object.is(actual, expected)) fail(`${message} (something else)`);
}

/** Of lists of what is compared by identity. */
export function deepEqual(
  actual: readonly unknown[],
  expected: readonly unknown[],
  message = "",
): void {
  equal(actual.length, expected.length, message);
  expected.forEach((item, i) => equal(actual[i], item, `${message} [${i}]`));
}
