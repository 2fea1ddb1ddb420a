import { inParts, type Part } from "../input.ts";

type Text = Uint8Array | Int32Array;

/** So many places are looked at between the turns of others. */
const PART = 1 << 16;

/**
 * All suffixes of a text in order (SA-IS, Nong, Zhang and Chan 2009): in time that is linear in the worst case, too, which
 * the quicker sorts are not. It calls itself at most as often as the text can be halved.
 *
 * @param most No letter is larger.
 */
export function* sortSuffixes(text: Text, most: number): Part<Int32Array> {
  const n = text.length;
  if (n < 3) return sortFew(text);
  const isSmall = new Uint8Array(n);
  yield* inParts(
    n - 1,
    PART,
    (from, to) => findSmall(text, isSmall, n - 1 - from, n - 1 - to),
  );
  const sorter = new Sorter(text, most, isSmall);
  const { lefts, numbers } = leftsOf(isSmall);
  const m = lefts.length;
  let sorted = yield* sorter.sort(lefts);
  if (m === 0) return sorted;
  const order = new Int32Array(m);
  for (let i = 0, k = 0; i < n; i++) {
    if (numbers[sorted[i]!]! >= 0) order[k++] = sorted[i]!;
  }
  const names = new Names(text, order, lefts, numbers);
  yield* inParts(m - 1, PART, (from, to) => names.give(from + 1, to + 1));
  const deeper = yield* sortSuffixes(names.names, names.top);
  for (let i = 0; i < m; i++) order[i] = lefts[deeper[i]!]!;
  sorted = yield* sorter.sort(order);
  return sorted;
}

function sortFew(text: Text): Int32Array {
  if (text.length < 2) return new Int32Array(text.length);
  return Int32Array.of(...(text[0]! < text[1]! ? [0, 1] : [1, 0]));
}

/** Which suffixes are smaller than the one behind them: from the last place down. */
function findSmall(
  text: Text,
  isSmall: Uint8Array,
  from: number,
  to: number,
): void {
  for (let i = from - 1; i >= to; i--) {
    const a = text[i]!;
    const b = text[i + 1]!;
    isSmall[i] = a < b || a === b && isSmall[i + 1] ? 1 : 0;
  }
}

/** The places that are smaller than the one before and the one behind them; and by place, which of these it is, or -1. */
function leftsOf(
  isSmall: Uint8Array,
): { lefts: Int32Array; numbers: Int32Array } {
  const n = isSmall.length;
  const numbers = new Int32Array(n + 1).fill(-1);
  let m = 0;
  for (let i = 1; i < n; i++) {
    if (!isSmall[i - 1] && isSmall[i]) numbers[i] = m++;
  }
  const lefts = new Int32Array(m);
  for (let i = 1, k = 0; i < n; i++) if (numbers[i]! >= 0) lefts[k++] = i;
  return { lefts, numbers };
}

/** Sorts all suffixes from those that are smaller than the one before and the one behind them. */
class Sorter {
  readonly #text: Text;
  readonly #isSmall: Uint8Array;
  /** By letter, where among all suffixes those begin that are large, or small. */
  readonly #largeStarts: Int32Array;
  readonly #smallStarts: Int32Array;

  constructor(text: Text, most: number, isSmall: Uint8Array) {
    this.#text = text;
    this.#isSmall = isSmall;
    const largeStarts = this.#largeStarts = new Int32Array(most + 2);
    const smallStarts = this.#smallStarts = new Int32Array(most + 2);
    for (let i = 0; i < text.length; i++) {
      if (isSmall[i]) largeStarts[text[i]! + 1]!++;
      else smallStarts[text[i]!]!++;
    }
    for (let i = 0; i <= most; i++) {
      smallStarts[i]! += largeStarts[i]!;
      if (i < most) largeStarts[i + 1]! += smallStarts[i]!;
    }
  }

  *sort(lefts: Int32Array): Part<Int32Array> {
    const text = this.#text;
    const isSmall = this.#isSmall;
    const n = text.length;
    const sorted = new Int32Array(n).fill(-1);
    let next = this.#smallStarts.slice();
    for (let i = 0; i < lefts.length; i++) {
      sorted[next[text[lefts[i]!]!]!++] = lefts[i]!;
    }
    next = this.#largeStarts.slice();
    sorted[next[text[n - 1]!]!++] = n - 1;
    yield* inParts(
      n,
      PART,
      (from, to) => sortLarge(text, isSmall, sorted, next, from, to),
    );
    next = this.#largeStarts.slice();
    yield* inParts(
      n,
      PART,
      (from, to) => sortSmall(text, isSmall, sorted, next, n - from, n - to),
    );
    return sorted;
  }
}

/** From the first place up. */
function sortLarge(
  text: Text,
  isSmall: Uint8Array,
  sorted: Int32Array,
  next: Int32Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const before = sorted[i]! - 1;
    if (before >= 0 && !isSmall[before]) {
      sorted[next[text[before]!]!++] = before;
    }
  }
}

/** From the last place down. */
function sortSmall(
  text: Text,
  isSmall: Uint8Array,
  sorted: Int32Array,
  next: Int32Array,
  from: number,
  to: number,
): void {
  for (let i = from - 1; i >= to; i--) {
    const before = sorted[i]! - 1;
    if (before >= 0 && isSmall[before]) {
      sorted[--next[text[before]! + 1]!] = before;
    }
  }
}

/** Numbers the parts between such suffixes by their order, the same for the same. */
class Names {
  readonly names: Int32Array;
  /** The largest. */
  top = 0;
  readonly #text: Text;
  readonly #order: Int32Array;
  readonly #lefts: Int32Array;
  readonly #numbers: Int32Array;

  constructor(
    text: Text,
    order: Int32Array,
    lefts: Int32Array,
    numbers: Int32Array,
  ) {
    this.#text = text;
    this.#order = order;
    this.#lefts = lefts;
    this.#numbers = numbers;
    this.names = new Int32Array(order.length);
  }

  give(from: number, to: number): void {
    const { names } = this;
    const text = this.#text;
    const order = this.#order;
    const lefts = this.#lefts;
    const numbers = this.#numbers;
    const n = text.length;
    const endOf = (left: number) => lefts[numbers[left]! + 1] ?? n;
    let name = this.top;
    for (let i = from; i < to; i++) {
      let a = order[i - 1]!;
      let b = order[i]!;
      const end = endOf(a);
      let isSame = end - a === endOf(b) - b;
      if (isSame) {
        while (a < end && text[a] === text[b]) {
          a++;
          b++;
        }
        isSame = a !== n && text[a] === text[b];
      }
      if (!isSame) name++;
      names[numbers[order[i]!]!] = name;
    }
    this.top = name;
  }
}
