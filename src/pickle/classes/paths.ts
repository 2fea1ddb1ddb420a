import type { PickleGlobals } from "../globals.ts";
import { PyPath, type PyPathClass } from "../values/path.ts";
import { PyObject } from "../values/object.ts";
import { dictOf, textOf } from "./_state.ts";

const CLASSES: readonly PyPathClass[] = [
  "PosixPath",
  "WindowsPath",
  "PurePosixPath",
  "PureWindowsPath",
];

/** `pathlib`, and classes whose instances stay inert: `ipaddress`, `re`, and what is in `types` and `functools`. */
export function addPaths(globals: PickleGlobals): void {
  for (const name of CLASSES) {
    const meaning = {
      call: (args: readonly unknown[]) =>
        new PyPath(joined(args.map(textOf), name), name),
    };
    globals.add("pathlib", name, meaning);
    globals.add("pathlib._local", name, meaning);
  }
  for (const version of ["4", "6"]) {
    for (const kind of ["Address", "Network", "Interface"]) {
      globals.add("ipaddress", `IPv${version}${kind}`);
    }
  }
  globals.add("re", "_compile");
  globals.add("re._compiler", "_compile");
  globals.add("functools", "partial");
  globals.add("types", "SimpleNamespace", {
    call: (_args, kwargs) =>
      new PyObject("types", "SimpleNamespace", { state: new Map(kwargs) }),
    setState: (object: PyObject, state) => {
      Object.assign(object, { state: dictOf(state) && state });
    },
  });
  for (const name of ["count", "cycle", "repeat", "chain", "islice"]) {
    globals.add("itertools", name);
  }
}

/** As Python joins the parts that it pickles: the first may end in a separator, and nothing else is folded. */
function joined(parts: readonly string[], type: PyPathClass): string {
  const windows = type.includes("Windows");
  const separator = windows ? "\\" : "/";
  let text = "";
  for (const part of parts) {
    if (part === "") continue;
    const clean = windows ? part.replaceAll("/", "\\") : part;
    text += text === "" || text.endsWith(separator)
      ? clean
      : `${separator}${clean}`;
  }
  return text === "" ? "." : text;
}
