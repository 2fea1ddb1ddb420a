/**
 * Writes `docs/types.md`: the table of types is made of the registry itself, and every spelling in it by spelling a value.
 *
 * ```sh
 * bun test/docs/types.ts          # or: deno run -A test/docs/types.ts
 * ```
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultRegistry, SerializeLiveStream } from "../../mod.ts";
import { root } from "./_blocks.ts";
import { EXAMPLES, LIVE, PLAIN } from "./_type_examples.ts";

/** Where the page is. */
export const PAGE: string = join(root, "docs", "types.md");

const INTRO = `# Types

What the default registry takes apart and puts together, made of the registry
itself by \`bun test/docs/types.ts\`. Every value comes back as it was, or is
refused with its path. [fidelity.md](fidelity.md) has the same for others.

The spelling is that of the family \`json\`; \`msgpack\` spells the same tree. A
number behind a header is that of a frame, whose bytes travel beside the text,
uncopied; with \`json({ inline: true })\` it is their base64. [wire.md](wire.md)
has the whole layout.

## Plain data

What JSON has is written as it is.

`;

const NOTES = `
## What holds for all

- **Subclasses of built-in classes are refused**, since they would come back as
  something else; but Node's \`Buffer\` and other subclasses of typed arrays come
  back as the typed array. A class of your own stands for its subclasses, unless
  they are registered themselves. See \`registerSerialization\`.
- **Functions, and symbols that are neither registered nor well known, are
  refused**, and so are classes that nobody registered.
- **Objects that are met twice come back as one**, and so do circles. A value
  with such objects is one flat list, \`{"$Graph": [...]}\`. Plain data is looked
  at for this up to its 10,000th object, since JSON itself is quicker than the
  look; beyond that, an object that is met twice comes back as two, unless
  \`json({ references: true })\` or \`msgpack({ references: true })\` asks for it. A
  circle is found wherever it is.
- **Not looked at** are names on an array (\`array.name = 1\`), on a \`Date\`, a
  \`Map\` or whatever else is built in, but for errors, and properties that are
  not enumerable: they are not kept, as in JSON.
- **Depth is no matter for the writer.** A reader refuses what is deeper than
  \`maxDepth\`, which is 1,000 if nobody says anything.
- **Sparse arrays** take no more memory than their items.
- **Stacks of errors are withheld**, since they tell a stranger about your files
  and your code: \`createRegistry({ stack: true })\` sends them.
`;

/** A value of the example's text. */
function valueOf(source: string): unknown {
  return new Function(`return (${source});`)();
}

function spelled(value: unknown): string {
  const { frames } = defaultRegistry.serialize(value);
  return new TextDecoder().decode(frames[0]);
}

const code = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;

function classOf(type: string): string {
  const key = defaultRegistry.get(type)!.class;
  if (typeof key === "string") return key;
  const name = type.startsWith("Temporal.") ? type : key.name;
  return code(name ?? type);
}

function table(
  head: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + lines.map(line).join("");
}

/** One row for each type that the registry has. */
function typeRows(): string[][] {
  return [...defaultRegistry.types()].map((type) => {
    const example = EXAMPLES[type];
    if (!example) throw new Error(`the type ${type} has no example`);
    const [source, note = ""] = example;
    if (source === undefined) return [code(type), classOf(type), "", "", note];
    const text = spelled(valueOf(source));
    if (!text.includes(`"$${type}"`) && !text.includes(`"${type}"`)) {
      throw new Error(`${source} is no ${type}: ${text}`);
    }
    return [code(type), classOf(type), code(source), code(text), note];
  });
}

/** What the stream's messages say, each header and its first frame. */
async function liveRow(type: string): Promise<string[]> {
  const [source, note = ""] = LIVE[type]!;
  const messages = ReadableStream.from([valueOf(source!)])
    .pipeThrough(new SerializeLiveStream());
  let text = "";
  for await (const { header, frames } of messages) {
    if ("tagged" in header && !("stream" in header)) {
      text = new TextDecoder().decode(frames[0]);
    }
  }
  return [code(type), code(source!), code(text), note];
}

/** The page, before it is formatted. */
export async function page(): Promise<string> {
  const plain = PLAIN.map(([source, note]) => [
    code(source),
    code(spelled(valueOf(source))),
    note,
  ]);
  const live: string[][] = [];
  for (const type of Object.keys(LIVE)) live.push(await liveRow(type));
  return INTRO + table(["value", "JSON", "note"], plain) +
    "\n## Types at once\n\n" +
    table(["name on the wire", "class", "value", "JSON", "note"], typeRows()) +
    "\n## Types of streams\n\nWhat is not there yet, or not at hand, travels in the same stream of messages:\nwith `serializeLive` and `liveMessages`, not with `registry.serialize`. The number\nis that of the stream whose parts come behind the value, or, of a blob, before\nit.\n\n" +
    table(["name on the wire", "value", "JSON", "note"], live) + NOTES;
}

/** As `deno fmt` would have it. */
export function formatted(text: string): string {
  const deno = join(root, "node_modules", ".bin", "deno");
  const args = ["fmt", "--ext", "md", "-"];
  const { stdout, status, stderr } = spawnSync(deno, args, {
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

if (import.meta.main) writeFileSync(PAGE, formatted(await page()));
