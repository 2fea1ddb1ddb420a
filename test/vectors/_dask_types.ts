/** The types of the vectors' own Python module, and how vectors are read so that nothing of Python's types is lost. */
import {
  DaskRegistry,
  defaultDaskRegistry,
  type DeserializeOptions,
  registerGeneric,
  registerSerialization,
} from "../../streams/dask/mod.ts";
import {
  defaultGlobals,
  enumClass,
  PickleGlobals,
  PyObject,
} from "../../src/pickle/mod.ts";

const registry: DaskRegistry = new DaskRegistry(defaultDaskRegistry);
registerSerialization(
  PyObject,
  "vec_types.Human",
  (human) => ({
    header: { age: human.get("age") },
    frames: [new TextEncoder().encode(human.get("name") as string)],
  }),
  ({ age }, frames) => {
    const utf8 = new TextDecoder();
    const name = frames.map((frame) => utf8.decode(frame)).join("");
    return new PyObject("vec_types", "Human", { state: { name, age } });
  },
  { registry },
);
registerGeneric(undefined, "vec_types.Bag", { registry });

const globals = new PickleGlobals(defaultGlobals)
  .add(
    "vec_types",
    "Color",
    enumClass("vec_types", "Color", { RED: 1, BLUE: "b" }),
  );

export const OPTIONS: DeserializeOptions = {
  registry,
  arrays: "tuple",
  pickle: { globals, floats: "wrap", datetimes: "python" },
};
