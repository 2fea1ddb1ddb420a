import type { PyObject } from "../pickle/values/mod.ts";
import { Refused } from "./refused.ts";

/** `re.UNICODE`, which all patterns of text have. */
const UNICODE = 32;

/** Class and data of what has no class of its own here: a dataclass, a pydantic model, an address, a pattern. */
export function encodeObject(
  value: PyObject,
  lossy: boolean,
): readonly [name: string, data: unknown] {
  const { module, name, args } = value;
  if (module === "ipaddress") return [`${module}.${name}`, addressText(value)];
  if (name === "_compile" && module.startsWith("re")) {
    const [pattern, flags = UNICODE] = args;
    if (typeof pattern !== "string") {
      throw new Refused("it is no pattern of text");
    }
    if (Number(flags) !== UNICODE && !lossy) {
      throw new Refused("the flags of a pattern are not written");
    }
    return ["re.Pattern", pattern];
  }
  if (name.includes(".")) {
    throw new Refused(
      `Prefect does not find ${module}.${name}: it is in a class`,
    );
  }
  const isModel = args.length === 0 && !value.items && !value.entries &&
    module !== "types";
  if (!isModel) {
    throw new Refused(
      `Unable to serialize unknown type: <class '${module}.${name}'>`,
    );
  }
  return [`${module}.${name}`, value.attributes()];
}

function addressText({ name, args: [of] }: PyObject): string {
  if (typeof of === "string") return of;
  if (Array.isArray(of)) return of.join("/");
  const number = BigInt(of as number);
  if (name.startsWith("IPv4")) {
    return [24n, 16n, 8n, 0n].map((bits) => number >> bits & 255n).join(".");
  }
  const groups: string[] = [];
  for (let bits = 112n; bits >= 0n; bits -= 16n) {
    groups.push((number >> bits & 0xffffn).toString(16));
  }
  // A URL shortens them as Python does.
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
