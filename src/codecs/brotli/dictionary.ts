/** Words that every decoder knows, and what may be done to them (RFC 7932, section 8 and appendices A and B). */
import { fromBase64 } from "../../base64.ts";
import type { Bytes } from "../../types.ts";
import { inflateRaw } from "../deflate/reader.ts";
import { deflated } from "./dictionary_data.ts";

/** Of words of each length, how many bits number them. */
const BITS: readonly number[] = [
  ...[0, 0, 0, 0, 10, 10, 11, 11, 10, 10, 10, 10, 10, 9, 9, 8, 7],
  ...[7, 8, 7, 7, 6, 6, 5, 5],
];
const SIZE = 122_784;

/** What is put before a word, done to it, and put behind it; `<2` and `>2` leave letters out, `^` makes capitals. */
const TRANSFORMS =
  "||~|| ~ || ~|<1|~|^| ~|| the ~ ||~s || ~|| of ~|^|~|| and ~" +
  '|<2|~|>1|~, || ~||, ~ |^| ~|| in ~|| to ~e || ~||"~||.~||">~' +
  "||\n~|>3|~||]~|| for ~|<3|~|>2|~|| a ~|| that ~ |^|~||. ~.||~" +
  " ||, ~|<4|~|| with ~||'~|| from ~|| by ~|<5|~|<6|~ the ||~" +
  "|>4|~||. The ~|^^|~|| on ~|| as ~|| is ~|>7|~|>1|ing ~||\n\t~" +
  "||:~ ||. ~||ed ~|<9|~|<7|~|>6|~||(~|^|, ~|>8|~|| at ~||ly ~" +
  ' the || of ~|>5|~|>9|~ |^|, ~|^|"~.||(~|^^| ~|^|">~||="~ ||.~' +
  ".com/||~ the || of the ~|^|'~||. This ~||,~.|| ~|^|(~|^|.~" +
  '|| not ~ ||="~||er ~ |^^| ~||al ~ |^^|~||=\'~|^^|"~|^|. ~ ||(~' +
  "||ful ~ |^|. ~||ive ~||less ~|^^|'~||est ~ |^|.~|^^|\">~ ||='~" +
  '|^|,~||ize ~|^^|.~\u00a0||~ ||,~|^|="~|^^|="~||ous ~|^^|, ~|^|=\'~' +
  " |^|,~ |^^|=\"~ |^^|, ~|^^|,~|^^|(~|^^|. ~ |^^|.~|^^|='~" +
  " |^^|. ~ |^|=\"~ |^^|='~ |^|='";

type Transform = readonly [before: Bytes, action: string, behind: Bytes];

const utf8 = new TextEncoder();
const transforms: readonly Transform[] = TRANSFORMS.split("~").map((text) => {
  const [before = "", action = "", behind = ""] = text.split("|");
  return [utf8.encode(before), action, utf8.encode(behind)];
});

let words: Bytes | undefined;

/** Where the words of each length begin. */
const starts: readonly number[] = BITS.map((_, length) => {
  let start = 0;
  for (let i = 4; i < length; i++) start += i << BITS[i]!;
  return start;
});

/** The word of that length and number, transformed as the number says; `undefined` if there is none. */
export function wordOf(length: number, number: number): Bytes | undefined {
  const bits = BITS[length];
  if (!bits) return undefined;
  const transform = transforms[number >>> bits];
  if (!transform) return undefined;
  words ??= inflateRaw("brotli", fromBase64(deflated)!, SIZE);
  const start = starts[length]! + length * (number & (1 << bits) - 1);
  return transformed(words.subarray(start, start + length), transform);
}

function transformed(word: Bytes, [before, action, behind]: Transform): Bytes {
  const count = Number(action.slice(1));
  if (action[0] === "<") word = word.subarray(count);
  if (action[0] === ">") word = word.subarray(0, -count);
  const whole = new Uint8Array(before.length + word.length + behind.length);
  whole.set(before);
  whole.set(word, before.length);
  const end = before.length + word.length;
  whole.set(behind, end);
  if (action[0] === "^") capitalize(whole.subarray(before.length, end), action);
  return whole;
}

/** Of the first letter or of all; of letters beyond ASCII, the way the format does, which is no way of Unicode's. */
function capitalize(word: Bytes, action: string): void {
  for (let at = 0; at < word.length;) {
    const byte = word[at]!;
    if (byte < 0xc0) {
      if (byte >= 97 && byte <= 122) word[at] = byte ^ 32;
      at++;
    } else if (byte < 0xe0) {
      if (at + 1 < word.length) word[at + 1]! ^= 32;
      at += 2;
    } else {
      if (at + 2 < word.length) word[at + 2]! ^= 5;
      at += 3;
    }
    if (action === "^") return;
  }
}
