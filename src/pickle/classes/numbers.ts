import type { PickleArguments, PickleGlobals } from "../globals.ts";
import { PyDecimal, PyFraction } from "../values/decimal.ts";
import { PyUUID } from "../values/uuid.ts";
import { bigintFrom, dictOf, listFrom, textOf } from "./_state.ts";

/** The length at which CPython, too, refuses to write integers in decimal. */
const MAX_DECIMAL = 10n ** 4300n;

const NIL = "00000000-0000-0000-0000-000000000000";

/** `decimal.Decimal`, `fractions.Fraction` and `uuid.UUID`. */
export function addNumbers(globals: PickleGlobals): void {
  globals.add("decimal", "Decimal", { arity: [0, 2], call: decimal });
  globals.add("_pydecimal", "Decimal", { arity: [0, 2], call: decimal });
  globals.add("fractions", "Fraction", { arity: [0, 2], call: fraction });
  globals.add("uuid", "UUID", {
    call: ([text]) => new PyUUID(hyphened(textOf(text).replace(/[{}-]/g, ""))),
    // Of no text until BUILD: as a key it is of no use before.
    create: () => Object.assign(new PyUUID(NIL), { text: "" }),
    setState: (uuid: PyUUID, state) => {
      const int = bigintFrom(dictOf(state).get("int"));
      if (int < 0n || int >= 1n << 128n) {
        throw new RangeError("a UUID has 128 bits");
      }
      const text = hyphened(int.toString(16).padStart(32, "0"));
      Object.assign(uuid, { text });
    },
  });
  globals.add("uuid", "SafeUUID", {});
}

function hyphened(hex: string): string {
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

function decimal([value = "0", context]: PickleArguments): PyDecimal {
  if ((context ?? null) !== null) throw new TypeError("this is no context");
  if (typeof value === "string") return new PyDecimal(value);
  if (typeof value === "number" || typeof value === "bigint") {
    const number = bigintFrom(value);
    if (number > MAX_DECIMAL || number < -MAX_DECIMAL) {
      throw new RangeError("the number is too long");
    }
    return new PyDecimal(String(number));
  }
  // Sign, digits and exponent, as very old versions write it.
  const [sign, digits, exponent] = listFrom(value);
  const text = listFrom(digits).join("") || "0";
  const whole = `${sign === 1 ? "-" : ""}${text}`;
  return new PyDecimal(exponent === 0 ? whole : `${whole}E${exponent}`);
}

/** Python up to 3.10 gives text, later versions two integers. */
function fraction([first, second]: PickleArguments): PyFraction {
  if (typeof first === "string") {
    const found = /^(-?\d{1,4300})(?:\/(\d{1,4300}))?$/.exec(first);
    if (!found) throw new RangeError("this is not a fraction");
    return reduced(BigInt(found[1]!), BigInt(found[2] ?? 1));
  }
  return reduced(bigintFrom(first), bigintFrom(second ?? 1));
}

/**
 * In lowest terms, as far as that is quick: Python writes none that are not, and to divide long numbers ever again would be
 * an attack.
 */
function reduced(numerator: bigint, denominator: bigint): PyFraction {
  if (denominator < 0n) [numerator, denominator] = [-numerator, -denominator];
  let [a, b] = [Math.abs(Number(numerator)), Number(denominator)];
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b)) {
    return new PyFraction(numerator, denominator);
  }
  while (b !== 0) [a, b] = [b, a % b];
  const divisor = BigInt(a || 1);
  return new PyFraction(numerator / divisor, denominator / divisor);
}
