/** The matrix as a page of Markdown. */
import { type Outcome, type Result, rows } from "./rows.ts";

type Matrix = Readonly<Record<string, readonly Result[]>>;

const SIGNS: Readonly<Record<Outcome, string>> = {
  ok: "ok",
  lossy: "**~**",
  refused: "x",
  crash: "**!**",
  none: "–",
  "n/a": "n/a",
};

const INTRO = `# What comes back as it was

Written by \`npm run fidelity -- --write\`. Each value is put into
\`{ v: value }\` and taken to bytes or text; the copy of these is read in the same
process, and what comes back is looked at: prototype, identity, bytes, whether a
stream is one. Each peer has a process of its own, and the settings that keep
most types.

- \`ok\` comes back as it was
- **~** comes back changed, without a word
- \`x\` is refused with an error
- **!** ends the process
- \`–\` there is no way to register a class
- \`n/a\` the runtime has no such value

Brine refuses functions and classes that nobody registered, with the value's
path. What is not at hand at once (promises, streams, blobs) is for
\`liveMessages\`; the columns \`json\` and \`msgpack\` are one synchronous message.
The rows of depth are read with \`maxDepth\` raised, which is 1,000 if nobody says
anything.
`;

/** All of it. */
export function page(matrices: Readonly<Record<string, Matrix>>): string {
  const parts = [INTRO];
  for (const [runtime, matrix] of Object.entries(matrices)) {
    parts.push(`## ${runtime}\n`, totals(matrix), cells(matrix));
  }
  const [first] = Object.entries(matrices);
  if (first) parts.push(`## What was wrong (${first[0]})\n`, notes(first[1]));
  return parts.join("\n");
}

function totals(matrix: Matrix): string {
  const lines = Object.entries(matrix).map(([peer, results]) => {
    const count = (...outcomes: Outcome[]) =>
      results.filter(({ outcome }) => outcomes.includes(outcome)).length;
    return [
      peer,
      count("ok"),
      count("lossy"),
      count("refused"),
      count("crash", "none", "n/a"),
    ];
  });
  return table(["peer", "ok", "changed", "refused", "other"], lines);
}

function cells(matrix: Matrix): string {
  const peers = Object.keys(matrix);
  const lines: (string | number)[][] = [];
  let group = "";
  for (const [i, row] of rows.entries()) {
    if (row.group !== group) {
      group = row.group;
      lines.push([`**${group}**`, ...peers.map(() => "")]);
    }
    const signs = peers.map((peer) => SIGNS[matrix[peer]![i]!.outcome]);
    lines.push([`\`${row.name}\``, ...signs]);
  }
  return table(["value", ...peers], lines);
}

function notes(matrix: Matrix): string {
  const parts: string[] = [];
  for (const [peer, results] of Object.entries(matrix)) {
    parts.push(`### ${peer}\n`);
    for (const { row, outcome, note } of results) {
      if (outcome === "ok" || outcome === "n/a" || outcome === "none") continue;
      const said = note ? `: \`${note.replaceAll("`", "'").trim()}\`` : "";
      parts.push(
        `- \`${row}\`, ${WORDS[outcome]}${said}`,
      );
    }
    parts.push("");
  }
  return parts.join("\n");
}

const WORDS: Readonly<Record<string, string>> = {
  lossy: "changed",
  refused: "refused",
  crash: "ends the process",
};

function table(
  head: readonly string[],
  lines: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.join(" | ")} |`;
  const rule = head.map((_, i) => i === 0 ? "---" : ":-:");
  return [line(head), line(rule), ...lines.map(line)].join("\n") + "\n";
}
