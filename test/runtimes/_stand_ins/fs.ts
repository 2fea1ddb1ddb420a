/** As much of `node:fs` as the tables use: it has the vectors, and nothing else. */
import { decodeBase64 } from "./base64.ts";
import { embedded } from "../_embedded.ts";

export function readFileSync(
  path: string,
  encoding?: "utf8",
): string | Uint8Array {
  const content = embedded[path];
  if (content === undefined) throw new Error(`there is no ${path}`);
  return encoding === "utf8" ? content : decodeBase64(content);
}
