/** The classes of the golden vectors' own Python module, and what is to be known of them. */
import {
  defaultGlobals,
  enumClass,
  exceptionClass,
  namedTupleClass,
  PickleGlobals,
} from "../../src/pickle/mod.ts";

/** How the instances of a class are described. */
export type Kind =
  | { readonly kind: "plain" | "pydantic" }
  | { readonly kind: "dataclass"; readonly fields: readonly string[] }
  | { readonly kind: "subclass"; readonly base: string };

export const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["vecmod.Point", { kind: "dataclass", fields: ["x", "y"] }],
  ["vecmod.Frozen", { kind: "dataclass", fields: ["n"] }],
  ["vecmod.Order", {
    kind: "dataclass",
    fields: ["id", "at", "items", "point"],
  }],
  ["vecmod.Plain", { kind: "plain" }],
  ["vecmod.Slotted", { kind: "plain" }],
  ["vecmod.SubDict", { kind: "subclass", base: "dict" }],
  ["vecmod.SubList", { kind: "subclass", base: "list" }],
  ["vecmod.SubInt", { kind: "subclass", base: "int" }],
  ["vecmod.SubStr", { kind: "subclass", base: "str" }],
  ["vecmod.User", { kind: "pydantic" }],
]);

/** What Python finds when it has that module, and no more. */
export const globals: PickleGlobals = new PickleGlobals(defaultGlobals)
  .add("vecmod", "NT", namedTupleClass("vecmod", "NT", ["a", "b"]))
  .add("vecmod", "NT2", namedTupleClass("vecmod", "NT2", ["x", "y", "z"]))
  .add("vecmod", "Color", enumClass("vecmod", "Color", { RED: 1, GREEN: "g" }))
  .add("vecmod", "Prio", enumClass("vecmod", "Prio", { LOW: 1, HIGH: 2 }))
  .add("vecmod", "Perm", enumClass("vecmod", "Perm", { R: 4, W: 2 }))
  .add("vecmod", "Word", enumClass("vecmod", "Word", { HELLO: "hello" }))
  .add("vecmod", "AppError", exceptionClass("vecmod", "AppError"));
for (const name of KINDS.keys()) globals.add("vecmod", name.slice(7));
