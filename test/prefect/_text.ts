/** Text as bytes, and back. */
export const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(text);

export const textOf = (bytes: Uint8Array): string =>
  new TextDecoder().decode(bytes);
