import process from "node:process";
import { Ansis } from "ansis";

// On its own, ansis also colours what goes to a file or a pipe where `CI` is set.
const mayColour = process.stdout.isTTY ||
  process.env.FORCE_COLOR !== undefined;

/** Bold, dim and red, on a terminal or where `FORCE_COLOR` asks for them, unless `NO_COLOR` forbids. */
export const style: Ansis = new Ansis(mayColour ? undefined : 0);
