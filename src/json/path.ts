const STEP = /\.([^.[\]*"'\s]+)|\[(0|[1-9]\d{0,15})\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * The steps of a path to all elements of one array, a small part of JSONPath (RFC 9535): `$[*]`, `$.items[*]`,
 * `$["a b"][0][*]`.
 *
 * @throws {SyntaxError} If it is anything else.
 */
export function parsePath(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  let at = path.startsWith("$") ? 1 : path.length;
  while (at < path.length && path.slice(at) !== "[*]") {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (!match) {
      at = path.length;
      break;
    }
    const [, name, index, quoted] = match;
    steps.push(
      index ? Number(index) : name ?? JSON.parse(quoted!) as string,
    );
    at = STEP.lastIndex;
  }
  if (at === path.length) {
    throw new SyntaxError(
      `Cannot read path ${
        JSON.stringify(path)
      }: expected one such as $[*] or $.items[*]`,
    );
  }
  return steps;
}

/** The text before and after the elements of the array at a path, in a document that holds nothing else. */
export function documentAround(steps: readonly (string | number)[]): {
  before: string;
  after: string;
} {
  let before = "";
  let after = "";
  for (const step of steps) {
    if (typeof step === "number" && step > 0) {
      throw new RangeError(
        `Cannot write at index ${step}: there is nothing to put before it`,
      );
    }
    before += step === 0 ? "[" : `{${JSON.stringify(step)}:`;
    after = (step === 0 ? "]" : "}") + after;
  }
  return { before: before + "[", after: "]" + after };
}
