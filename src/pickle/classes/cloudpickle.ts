import type {
  PickleArguments,
  PickleClass,
  PickleGlobals,
} from "../globals.ts";
import { PyDefinedClass } from "../values/defined_class.ts";
import { PyGlobal, PyObject } from "../values/object.ts";
import { knowEnum, PickleEnum } from "./enum.ts";
import { dictOf, entriesOf, listFrom, textOf } from "./_state.ts";
import { Refusal } from "./_refusal.ts";

/**
 * What cloudpickle writes for classes and functions that Python could not import: classes become descriptions, functions
 * stay inert, with the bytecode that they have.
 */
export function addCloudpickle(globals: PickleGlobals): void {
  for (
    const module of ["cloudpickle.cloudpickle", "cloudpickle.cloudpickle_fast"]
  ) {
    const add = (name: string, meaning: PickleClass = {}) =>
      globals.add(module, name, meaning);
    add("_make_skeleton_class", { call: skeleton });
    add("_make_skeleton_enum", { call: skeletonEnum });
    add("_class_setstate", { call: setClass });
    add("_function_setstate", { call: setFunction });
    add("_builtin_type", { call: ([name]) => builtinType(name) });
    for (
      const name of [
        "_make_function",
        "_make_empty_cell",
        "_make_cell",
        "_get_cell_contents",
        "_empty_cell_value",
        "_make_typevar",
      ]
    ) add(name);
  }
  globals.add("abc", "ABCMeta");
  globals.add("enum", "Enum");
  globals.add("enum", "EnumMeta");
  globals.add("enum", "EnumType");
  for (const name of ["IntEnum", "Flag", "IntFlag", "StrEnum"]) {
    globals.add("enum", name);
  }
  globals.add("dataclasses", "_FIELD");
  globals.add("dataclasses", "_FIELD_BASE");
  globals.add("dataclasses", "Field");
  globals.add("dataclasses", "_HAS_DEFAULT_FACTORY_CLASS");
  globals.add("dataclasses", "_DataclassParams");
  globals.add("dataclasses", "MISSING");
  globals.add("dataclasses", "_MISSING_TYPE");
}

/** `(metaclass, name, bases, attributes, id, extra)`. */
function skeleton([, name, bases, attributes]: PickleArguments): unknown {
  const found = dictOf(attributes);
  return new PyDefinedClass(
    textOf(found.get("__module__") ?? "__main__"),
    textOf(name),
    listFrom(bases),
  );
}

/** `(bases, name, qualified name, members, module, id, extra)`. */
function skeletonEnum(args: PickleArguments): unknown {
  const [bases, , name, members, module] = args;
  const known = new PickleEnum(
    textOf(module),
    textOf(name),
    new Map(entriesOf(members).map(([key, value]) => [textOf(key), value])),
  );
  const made = new PyDefinedClass(
    textOf(module),
    textOf(name),
    listFrom(bases),
    known,
  );
  knowEnum(made, known);
  return made;
}

/** `(class, (attributes, slots))`: the attributes are noted down, and nothing is done with them. */
function setClass([made, state]: PickleArguments): unknown {
  if (!(made instanceof PyDefinedClass)) return new Refusal();
  const [attributes] = listFrom(state);
  for (const [name, value] of dictOf(attributes)) {
    made.attributes.set(name, value);
  }
  return made;
}

/** `(function, (attributes, slots))`. */
function setFunction([made, state]: PickleArguments): unknown {
  if (!(made instanceof PyObject)) return new Refusal();
  return Object.assign(made, { state });
}

/** What cloudpickle takes from Python's `types`. */
const TYPES = `AsyncGeneratorType BuiltinFunctionType BuiltinMethodType CellType
  ClassMethodDescriptorType CodeType CoroutineType EllipsisType FrameType
  FunctionType GeneratorType GenericAlias GetSetDescriptorType LambdaType
  MappingProxyType MemberDescriptorType MethodDescriptorType MethodType
  MethodWrapperType ModuleType NoneType NotImplementedType SimpleNamespace
  TracebackType UnionType WrapperDescriptorType`.split(/\s+/);

function builtinType(name: unknown): unknown {
  const text = textOf(name);
  if (!TYPES.includes(text)) return new Refusal();
  return new PyGlobal("types", text === "LambdaType" ? "FunctionType" : text);
}
