const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 as Python writes text: surrogates are allowed, all else that is malformed is not. `undefined` if it is. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeSurrogates(bytes);
  }
}

/** Strict UTF-8 without surrogates. `undefined` if it is malformed. */
export function decodeStrict(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Only for text with surrogates in it, so it is simple and not fast: well-formed stretches are the decoder's. */
function decodeSurrogates(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (!isSurrogate(bytes, i)) continue;
    if (from < i) {
      const text = decodeStrict(bytes.subarray(from, i));
      if (text === undefined) return undefined;
      parts.push(text);
    }
    const unit = 0xd000 | (bytes[i + 1]! & 63) << 6 | bytes[i + 2]! & 63;
    parts.push(String.fromCharCode(unit));
    from = i + 3;
    i += 2;
  }
  if (from === 0) return undefined;
  const rest = decodeStrict(bytes.subarray(from));
  return rest === undefined ? undefined : parts.join("") + rest;
}

function isSurrogate(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xed && bytes[at + 1]! >= 0xa0 &&
    bytes[at + 1]! <= 0xbf && (bytes[at + 2]! & 0xc0) === 0x80;
}

/** Each byte one character. */
export function decodeLatin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 8192) {
    parts.push(
      String.fromCharCode.apply(
        null,
        bytes.subarray(i, i + 8192) as unknown as number[],
      ),
    );
  }
  return parts.join("");
}
