/** Rows: primitives, the runtime's own classes, and errors. */
import { isOf, kind, type RowOf, unless } from "./_row.ts";

const is = (wanted: unknown) => (v: unknown) =>
  unless(Object.is(v, wanted), () => kind(v));

const SURROGATES = "a\ud800b\udc00";
const TEXT = "\0 salt \u{1f9c2} \u2028 </script>";

export const primitives: readonly RowOf[] = [
  {
    name: "undefined (as property)",
    make: () => undefined,
    check: (v, { holder }) =>
      unless(
        v === undefined && Object.hasOwn(holder, "v"),
        () => "v" in holder ? kind(v) : "dropped",
      ),
  },
  { name: "-0", make: () => -0, check: is(-0) },
  { name: "NaN", make: () => NaN, check: is(NaN) },
  {
    name: "±Infinity",
    make: () => [Infinity, -Infinity],
    check: (v) =>
      unless(v?.[0] === Infinity && v[1] === -Infinity, () => String(v)),
  },
  {
    name: "number 2^60 stays number",
    make: () => 2 ** 60,
    check: (v) => unless(v === 2 ** 60, () => typeof v),
  },
  {
    name: "BigInt 10n",
    make: () => 10n,
    check: (v) => unless(v === 10n, () => typeof v),
  },
  {
    name: "BigInt 2^200",
    make: () => 2n ** 200n,
    check: (v) => unless(v === 2n ** 200n, () => typeof v),
  },
  {
    name: "lone surrogate string",
    make: () => SURROGATES,
    check: (v) => unless(v === SURROGATES, () => "changed"),
  },
  {
    name: "string NUL/astral/U+2028/</script>",
    make: () => TEXT,
    check: (v) => unless(v === TEXT, () => "changed"),
  },
  {
    name: "Symbol.for('s')",
    make: () => Symbol.for("s"),
    check: is(Symbol.for("s")),
  },
  {
    name: "well-known Symbol.iterator",
    make: () => Symbol.iterator,
    check: is(Symbol.iterator),
  },
];

/** Where it is missing, its rows do not exist. */
const { Temporal } = globalThis as unknown as {
  Temporal?: Record<
    "Instant" | "ZonedDateTime",
    { prototype: unknown; from(text: string): object }
  >;
};
const temporal = (name: "Instant" | "ZonedDateTime", text: string): RowOf => ({
  name: `Temporal.${name}`,
  exists: Temporal !== undefined,
  make: () => Temporal![name].from(text),
  check: (v) =>
    unless(isOf(v, Temporal![name]) && String(v) === text, () => kind(v)),
});

const FORM = [["salt", "sea"], ["salt", "rock"]] as const;

export const builtins: readonly RowOf[] = [
  {
    name: "Date",
    make: () => new Date(1.7e12 + 1),
    check: (v) =>
      unless(isOf(v, Date) && v.getTime() === 1.7e12 + 1, () => kind(v)),
  },
  {
    name: "invalid Date",
    make: () => new Date(NaN),
    check: (v) =>
      unless(isOf(v, Date) && Number.isNaN(v.getTime()), () => kind(v)),
  },
  {
    name: "RegExp /a\\/b/giu",
    make: () => /a\/b/giu,
    check: (v) =>
      unless(
        isOf(v, RegExp) && v.source === "a\\/b" && v.flags === "giu",
        () => kind(v),
      ),
  },
  {
    name: "Map (mixed & object keys)",
    make: () => {
      const key = { id: 1 };
      return new Map<unknown, unknown>([[1, "a"], ["1", key], [key, NaN]]);
    },
    check(v) {
      if (!isOf(v, Map)) return kind(v);
      const [one, text, object] = [...v.keys()];
      return unless(
        v.size === 3 && one === 1 && text === "1" && v.get("1") === object &&
          object.id === 1 && Number.isNaN(v.get(object)),
        () => "other entries",
      );
    },
  },
  {
    name: "Set",
    make: () => new Set([1, "1", { id: 1 }]),
    check: (v) =>
      unless(
        isOf(v, Set) && v.size === 3 && v.has(1) && v.has("1"),
        () => kind(v),
      ),
  },
  {
    name: "boxed new Number(1)/Object(1n)",
    make: () => [new Number(1), Object(1n)],
    check: (v) =>
      unless(
        isOf(v?.[0], Number) && v[0].valueOf() === 1 && isOf(v[1], BigInt) &&
          v[1].valueOf() === 1n,
        () => "unboxed",
      ),
  },
  {
    name: "URL",
    make: () => new URL("https://example.org/salt?a=1#b"),
    check: (v) =>
      unless(
        isOf(v, URL) && v.href === "https://example.org/salt?a=1#b",
        () => kind(v),
      ),
  },
  {
    name: "URLSearchParams",
    make: () => new URLSearchParams("a=1&a=2&b=%20"),
    check: (v) =>
      unless(
        isOf(v, URLSearchParams) && String(v) === "a=1&a=2&b=+",
        () => kind(v),
      ),
  },
  {
    name: "Headers",
    make: () => new Headers([["accept", "a"], ["x-salt", "sea"]]),
    check: (v) =>
      unless(
        isOf(v, Headers) && String([...v]) === "accept,a,x-salt,sea",
        () => kind(v),
      ),
  },
  {
    name: "FormData",
    make: () => {
      const form = new FormData();
      for (const [name, value] of FORM) form.append(name, value);
      form.append("file", new File(["brine"], "b.txt", { type: "text/plain" }));
      return form;
    },
    async check(v) {
      if (!isOf(v, FormData)) return kind(v);
      const file = v.get("file");
      return unless(
        String(v.getAll("salt")) === "sea,rock" && file instanceof File &&
          file.name === "b.txt" && await file.text() === "brine",
        () => kind(file),
      );
    },
  },
  temporal("Instant", "2026-11-20T10:11:12.123456789Z"),
  temporal("ZonedDateTime", "2026-11-20T10:11:12+01:00[Europe/Berlin]"),
];

/** Where the last error was made, as its stack says it. */
let place = "";
function traced(): Error {
  const error = new Error("no salt");
  place = error.stack!.split("\n")[1]!.trim();
  return error;
}

const coded = () => Object.assign(new Error("no salt"), { code: "E_SALT" });

export const errors: readonly RowOf[] = [
  {
    name: "Error (message, name)",
    make: () => new Error("no salt"),
    check: (v) =>
      unless(
        v instanceof Error && v.message === "no salt" && v.name === "Error",
        () => kind(v),
      ),
  },
  {
    name: "TypeError stays TypeError",
    make: () => new TypeError("no salt"),
    check: (v) =>
      unless(
        isOf(v, TypeError) && v.message === "no salt",
        () => v?.constructor?.name ?? kind(v),
      ),
  },
  {
    name: "Error.cause",
    make: () => new Error("no brine", { cause: new Error("no salt") }),
    check: (v) =>
      unless(
        v?.cause instanceof Error && v.cause.message === "no salt",
        () => "cause lost",
      ),
  },
  {
    name: "AggregateError",
    make: () => new AggregateError([new Error("a"), new Error("b")], "both"),
    check: (v) =>
      unless(
        isOf(v, AggregateError) && v.message === "both" &&
          v.errors.length === 2 && v.errors[1].message === "b",
        () => v?.constructor?.name ?? kind(v),
      ),
  },
  {
    name: "Error own props (code)",
    make: coded,
    check: (v) =>
      unless(
        v instanceof Error && (v as { code?: string }).code === "E_SALT",
        () => "lost",
      ),
  },
  {
    name: "[sec] stack withheld by default",
    make: traced,
    check(v) {
      if (!(v instanceof Error)) return "no Error";
      return unless(
        !String(v.stack).includes(place),
        () => "stack sent",
      );
    },
  },
];
