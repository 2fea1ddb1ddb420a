import {
  lineBreak,
  type Message,
  string,
  text,
  type ValueParser,
} from "@optique/core";

/** A name of something: any is taken, as the library tells which there are; the shell offers those. */
export function nameOf(
  metavar: "FORMAT" | "CODEC" | "FAMILY",
  known: readonly string[],
): ValueParser<"sync", string> {
  return {
    ...string({ metavar }),
    *suggest(prefix) {
      for (const name of known) {
        if (name.startsWith(prefix)) yield { kind: "literal", text: name };
      }
    },
  };
}

/** What stands below the help of a command. */
export function examples(...lines: readonly string[]): { footer: Message } {
  const shown = lines.flatMap((line) => [lineBreak(), text(`  ${line}`)]);
  return { footer: [text("Examples:"), ...shown] };
}
