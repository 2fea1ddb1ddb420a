/** What the two bytes before a literal say about it (RFC 7932, section 7.1). */

/** Of each ASCII character, from controls to small consonants, as text would have them follow each other. */
const KINDS =
  "000000000110010000000000000000002343353467338393bbbbbbbbbb886a73" +
  "3cdddcdddcdddddcdddddcddddd637333efffefffefffffefffffefffff63730";

/** Four modes, of each what the last byte says and what the one before it: 512 entries, to be joined by `|`. */
export const contexts: Uint8Array = new Uint8Array(4 * 512);

for (let byte = 0; byte < 256; byte++) {
  contexts[byte] = byte & 63;
  contexts[512 + byte] = byte >> 2;
  contexts[1024 + byte] = byte < 128
    ? parseInt(KINDS[byte]!, 16) << 2
    : (byte < 192 ? 0 : 2) | byte & 1;
  contexts[1280 + byte] = textBefore(byte);
  const level = levelOf(byte);
  contexts[1536 + byte] = level << 3;
  contexts[1792 + byte] = level;
}

/** Controls and spaces, signs, capitals and digits, small letters. */
function textBefore(byte: number): number {
  if (byte >= 128) return byte < 224 ? 0 : 2;
  const character = String.fromCharCode(byte);
  if (/[a-z]/.test(character)) return 3;
  if (/[A-Z0-9]/.test(character)) return 2;
  return byte > 32 && byte < 127 ? 1 : 0;
}

/** How large it is as a signed number. */
function levelOf(byte: number): number {
  if (byte === 0) return 0;
  if (byte < 16) return 1;
  if (byte < 64) return 2;
  if (byte < 128) return 3;
  if (byte < 192) return 4;
  if (byte < 240) return 5;
  return byte < 255 ? 6 : 7;
}
