/** Whether a byte is one of the four that may stand between the parts of JSON text. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
