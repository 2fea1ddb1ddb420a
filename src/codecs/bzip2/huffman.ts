/** The command writes no longer codes. */
const MAX_LENGTH = 17;

/** The lengths of a Huffman code by how often each symbol occurs. None is 0, since the format has no word for it. */
export function codeLengths(
  frequencies: Int32Array,
  longest: number = MAX_LENGTH,
): Uint8Array {
  let weights = frequencies.map((count) => Math.max(1, count));
  for (;;) {
    const lengths = lengthsOf(weights);
    if (lengths.every((length) => length <= longest)) return lengths;
    // Flatter, until it fits.
    weights = weights.map((weight) => (weight >> 1) + 1);
  }
}

/** Two queues: the leaves in order, and the nodes in the order they are made, which is theirs, too. */
function lengthsOf(weights: Int32Array): Uint8Array {
  const n = weights.length;
  const leaves = Int32Array.from(weights.keys()).sort((a, b) =>
    weights[a]! - weights[b]!
  );
  const nodes = new Float64Array(n - 1);
  const parents = new Int32Array(2 * n - 1);
  let leaf = 0;
  let node = 0;
  for (let made = 0; made < n - 1; made++) {
    let sum = 0;
    for (let i = 0; i < 2; i++) {
      const isLeaf = leaf < n &&
        (node >= made || weights[leaves[leaf]!]! <= nodes[node]!);
      if (isLeaf) {
        parents[leaves[leaf]!] = n + made;
        sum += weights[leaves[leaf++]!]!;
      } else {
        parents[n + node] = n + made;
        sum += nodes[node++]!;
      }
    }
    nodes[made] = sum;
  }
  const depths = new Uint8Array(2 * n - 1);
  for (let i = 2 * n - 3; i >= 0; i--) depths[i] = depths[parents[i]!]! + 1;
  return depths.slice(0, n);
}

/** The codes that have these lengths, shorter ones first. */
export function codesOf(lengths: Uint8Array): Int32Array {
  const codes = new Int32Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    for (let i = 0; i < lengths.length; i++) {
      if (lengths[i] === length) codes[i] = code++;
    }
    code <<= 1;
  }
  return codes;
}
