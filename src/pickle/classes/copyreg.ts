import type { PickleGlobals } from "../globals.ts";
import { PyGlobal } from "../values/object.ts";
import { dictOf, listFrom } from "./_state.ts";
import { Instead, Refusal } from "./_refusal.ts";

/** The bases that `_reconstructor` may make something of. */
const BASES: ReadonlySet<string> = new Set([
  "object",
  "dict",
  "list",
  "tuple",
  "int",
  "str",
  "float",
  "set",
  "frozenset",
  "complex",
  "bytes",
]);

/** `copyreg`: how protocols 0 and 1 make objects. */
export function addCopyreg(globals: PickleGlobals): void {
  globals.add("copyreg", "_reconstructor", {
    arity: [3, 3],
    call: ([type, base, state]) => {
      if (!(base instanceof PyGlobal) || base.module !== "builtins") {
        return new Refusal();
      }
      if (!BASES.has(base.name)) return new Refusal();
      const args = base.name === "object"
        ? []
        : base.name === "tuple"
        ? listFrom(state)
        : [state];
      return new Instead(type, args);
    },
  });
  globals.add("copyreg", "__newobj__", {
    arity: [1, Infinity],
    call: ([type, ...args]) => new Instead(type, args),
  });
  globals.add("copyreg", "__newobj_ex__", {
    arity: [3, 3],
    call: ([type, args, kwargs]) =>
      new Instead(type, listFrom(args), dictOf(kwargs)),
  });
}
