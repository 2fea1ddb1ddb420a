/** IP addresses and networks, as Python's `ipaddress` reads and writes them. */

/** Bits of an address, by the version. */
const BITS = { 4: 32, 6: 128 } as const;
type Version = keyof typeof BITS;

/** What an address, a network or an interface is, by the kind: a number, or text as Python writes it. */
export function parseAddress(
  data: unknown,
  version: Version,
  kind: "Address" | "Network" | "Interface",
): string | number | bigint {
  if (typeof data === "number" || typeof data === "bigint") {
    if (
      Number.isInteger(Number(data)) && data >= 0 &&
      data < 1n << BigInt(BITS[version])
    ) {
      return data;
    }
    throw new RangeError("it is no address");
  }
  if (typeof data !== "string" || data.length > 100) {
    throw new RangeError("it is no address");
  }
  const slash = kind === "Address" ? -1 : data.indexOf("/");
  const address = slash < 0 ? data : data.slice(0, slash);
  const text = version === 4 ? ipv4(address) : ipv6(address);
  if (kind === "Address") return text;
  const prefix = slash < 0
    ? BITS[version]
    : prefixOf(data.slice(slash + 1), version);
  const host = (1n << BigInt(BITS[version] - prefix)) - 1n;
  if (kind === "Network" && numberOf(text, version) & host) {
    throw new RangeError("a network has no host bits");
  }
  return `${text}/${prefix}`;
}

function ipv4(text: string): string {
  const parts = text.split(".");
  const isPart = (part: string) =>
    /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  if (parts.length === 4 && parts.every(isPart)) return text;
  throw new RangeError("it is no address of IPv4");
}

/** A URL reads and shortens them as Python does; but for the zone, which it does not take. */
function ipv6(text: string): string {
  const [address, zone] = text.split(/%(.*)/s);
  const isZone = zone === undefined || /^[^%/]+$/.test(zone);
  if (!isZone || !/^[\da-fA-F:.]+$/.test(address!)) {
    throw new RangeError("it is no address of IPv6");
  }
  const url = URL.canParse(`http://[${address}]/`)
    ? new URL(`http://[${address}]/`)
    : undefined;
  if (!url) throw new RangeError("it is no address of IPv6");
  return url.hostname.slice(1, -1) + (zone === undefined ? "" : `%${zone}`);
}

function numberOf(text: string, version: Version): bigint {
  if (version === 4) {
    return text.split(".").reduce((sum, part) => sum << 8n | BigInt(part), 0n);
  }
  const [head, tail] = text.replace(/%.*/s, "").split("::")
    .map((half) => half === "" ? [] : half.split(":"));
  const zeros = tail ? 8 - head!.length - tail.length : 0;
  return [...head!, ...Array(zeros).fill("0"), ...tail ?? []]
    .reduce((sum, group) => sum << 16n | BigInt(`0x${group}`), 0n);
}

/** The length of a prefix; or, of IPv4, the one that a mask stands for. */
function prefixOf(text: string, version: Version): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= BITS[version]) {
    return Number(text);
  }
  if (version === 4) {
    const mask = numberOf(ipv4(text), 4).toString(2).padStart(32, "0");
    const ones = /^(1*)0*$/.exec(mask);
    if (ones) return ones[1]!.length;
  }
  throw new RangeError("it is no prefix");
}
