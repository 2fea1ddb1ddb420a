/** The integer of bytes in two's complement, the lowest first; by way of hexadecimal, which is linear. */
export function bigintOf(bytes: Uint8Array): bigint {
  const { length } = bytes;
  if (length === 0) return 0n;
  let value = 0n;
  if (length <= 8) {
    for (let i = length - 1; i >= 0; i--) {
      value = value << 8n | BigInt(bytes[i]!);
    }
  } else {
    const hex: string[] = [];
    for (let i = length - 1; i >= 0; i--) hex.push(HEX[bytes[i]!]!);
    value = BigInt(`0x${hex.join("")}`);
  }
  return bytes[length - 1]! < 128 ? value : value - (1n << BigInt(8 * length));
}

const HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);
