/** Bytes of text and numbers, for pickles written by hand: a character is a byte. */
export function pickleOf(
  ...parts: (string | number[])[]
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string"
        ? Array.from(part, (char) => char.charCodeAt(0))
        : part
    ),
  );
}
