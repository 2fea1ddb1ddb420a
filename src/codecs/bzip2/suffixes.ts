/**
 * All suffixes of a text in order (SA-IS, Nong, Zhang and Chan 2009): in time that is linear in the worst case, too, which
 * the quicker sorts are not. It calls itself at most as often as the text can be halved.
 *
 * @param most No letter is larger.
 */
export function sortSuffixes(
  text: Uint8Array | Int32Array,
  most: number,
): Int32Array {
  const n = text.length;
  if (n < 3) return sortFew(text);
  const isSmall = new Uint8Array(n);
  for (let i = n - 2; i >= 0; i--) {
    const [a, b] = [text[i]!, text[i + 1]!];
    isSmall[i] = a < b || a === b && isSmall[i + 1] ? 1 : 0;
  }
  const induce = inducer(text, most, isSmall);
  const numbers = new Int32Array(n + 1).fill(-1);
  let m = 0;
  for (let i = 1; i < n; i++) {
    if (!isSmall[i - 1] && isSmall[i]) numbers[i] = m++;
  }
  const lefts = new Int32Array(m);
  for (let i = 1, k = 0; i < n; i++) if (numbers[i]! >= 0) lefts[k++] = i;
  let sorted = induce(lefts);
  if (m === 0) return sorted;
  const order = new Int32Array(m);
  for (let i = 0, k = 0; i < n; i++) {
    if (numbers[sorted[i]!]! >= 0) order[k++] = sorted[i]!;
  }
  const [names, top] = nameParts(text, order, lefts, numbers);
  const deeper = sortSuffixes(names, top);
  for (let i = 0; i < m; i++) order[i] = lefts[deeper[i]!]!;
  sorted = induce(order);
  return sorted;
}

function sortFew(text: Uint8Array | Int32Array): Int32Array {
  if (text.length < 2) return new Int32Array(text.length);
  return Int32Array.of(...(text[0]! < text[1]! ? [0, 1] : [1, 0]));
}

/** Sorts all suffixes from those that are smaller than the one before and the one behind them. */
function inducer(
  text: Uint8Array | Int32Array,
  most: number,
  isSmall: Uint8Array,
): (lefts: Int32Array) => Int32Array {
  const n = text.length;
  const largeStarts = new Int32Array(most + 2);
  const smallStarts = new Int32Array(most + 2);
  for (let i = 0; i < n; i++) {
    if (isSmall[i]) largeStarts[text[i]! + 1]!++;
    else smallStarts[text[i]!]!++;
  }
  for (let i = 0; i <= most; i++) {
    smallStarts[i]! += largeStarts[i]!;
    if (i < most) largeStarts[i + 1]! += smallStarts[i]!;
  }
  return (lefts) => {
    const sorted = new Int32Array(n).fill(-1);
    let next = smallStarts.slice();
    for (let i = 0; i < lefts.length; i++) {
      sorted[next[text[lefts[i]!]!]!++] = lefts[i]!;
    }
    next = largeStarts.slice();
    sorted[next[text[n - 1]!]!++] = n - 1;
    for (let i = 0; i < n; i++) {
      const before = sorted[i]! - 1;
      if (before >= 0 && !isSmall[before]) {
        sorted[next[text[before]!]!++] = before;
      }
    }
    next = largeStarts.slice();
    for (let i = n - 1; i >= 0; i--) {
      const before = sorted[i]! - 1;
      if (before >= 0 && isSmall[before]) {
        sorted[--next[text[before]! + 1]!] = before;
      }
    }
    return sorted;
  };
}

/** Numbers the parts between such suffixes by their order, the same for the same; gives the largest as well. */
function nameParts(
  text: Uint8Array | Int32Array,
  order: Int32Array,
  lefts: Int32Array,
  numbers: Int32Array,
): [Int32Array, number] {
  const n = text.length;
  const names = new Int32Array(order.length);
  const endOf = (left: number) => lefts[numbers[left]! + 1] ?? n;
  let name = 0;
  for (let i = 1; i < order.length; i++) {
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
  return [names, name];
}
