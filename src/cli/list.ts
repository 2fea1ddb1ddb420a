import { style } from "./style.ts";
import { formats } from "../../mod.ts";
import { writeOut } from "./files.ts";
import { compressions } from "./compression.ts";
import { type Column, formatRow, formatTitles } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "format", width: 10, align: "left" },
  { title: "types", width: 6, align: "left" },
  { title: "extensions", width: 16, align: "left" },
  { title: "what it is", width: 0, align: "left" },
];

/** Shows the formats and codecs that there are. */
export async function listFormats({ json }: { json: boolean }): Promise<void> {
  const rows = formats.map((
    { name, description, extensions, mediaTypes, typed, python = false },
  ) => ({ name, description, extensions, mediaTypes, typed, python }));
  const codecs = compressions();
  if (json) {
    const text = JSON.stringify({ formats: rows, codecs }, null, 2);
    return await writeOut(`${text}\n`);
  }
  const lines = rows.map(({ name, description, extensions, typed, python }) =>
    formatRow(COLUMNS, [
      name,
      typed ? "all" : python ? "Python" : "JSON",
      extensions.join(" "),
      description,
    ])
  );
  await writeOut(
    `${style.bold(formatTitles(COLUMNS))}\n${lines.join("\n")}\n\n` +
      `${style.bold("compression")}: ${codecs.join(", ")}\n`,
  );
}
