import { PySingleton } from "./values/builtin.ts";
import { PyByteArray } from "./values/bytes.ts";
import { PyObject } from "./values/object.ts";
import {
  OwnBytes,
  OwnText,
  PickleBuffer,
  writeBuffer,
  writeByteArray,
  writeBytes,
} from "./write_bytes.ts";
import type { PickleWriterClass } from "./write_class.ts";
import { errorReducers } from "./write_errors.ts";
import { arrayReducers } from "./write_numpy.ts";
import { pandasReducers } from "./write_pandas.ts";
import { named, type Plan, type PlanContext, Planned } from "./write_plan.ts";
import { writeGlobal, writePlan } from "./write_steps.ts";
import { fromTemporal } from "./write_temporal.ts";
import { timeReducers } from "./write_time.ts";
import { valueReducers } from "./write_values.ts";
import type { Writer } from "./writer.ts";

type Reduce = (value: never, context: PlanContext) => Plan;
type Write = (writer: Writer, value: never) => void;

const PLANS: ReadonlyMap<object, Reduce> = new Map(
  [
    ...valueReducers,
    ...timeReducers,
    ...arrayReducers,
    ...pandasReducers,
    ...errorReducers,
  ]
    .map(([type, reduce]) => [type.prototype, reduce]),
);

const WRITERS: ReadonlyMap<object, Write> = new Map<object, Write>([
  [Uint8Array.prototype, (writer, value) => writeBytes(writer, value)],
  [PyByteArray.prototype, (writer, value) => writeByteArray(writer, value)],
  [PickleBuffer.prototype, (writer, value) => writeBuffer(writer, value)],
  [
    OwnBytes.prototype,
    (writer, { bytes }: OwnBytes) => writeBytes(writer, bytes, true),
  ],
  [OwnText.prototype, ({ memo }, { text }: OwnText) => memo.ownText(text)],
  [
    Planned.prototype,
    (writer, value: Planned) => writePlan(writer, value, value.plan),
  ],
  [
    PySingleton.prototype,
    (writer, { module, name }: PySingleton) =>
      writeGlobal(writer, named(module, name)),
  ],
]);

/** Subclasses of these lose nothing that Python could have kept; those of others have to be registered. */
function isOpen(value: object): boolean {
  return value instanceof Error || ArrayBuffer.isView(value);
}

/** Writes an object that is not plain data, by its class. */
export function writeOther(writer: Writer, value: object): void {
  const own = writer.options.classes.get(Object.getPrototypeOf(value));
  if (own) return writePlan(writer, value, planOfOwn(own, value));
  let prototype: object | null = Object.getPrototypeOf(value);
  do {
    const write = WRITERS.get(prototype!);
    if (write) return write(writer, value as never);
    const reduce = PLANS.get(prototype!);
    if (reduce) {
      return writePlan(writer, value, reduce(value as never, writer.options));
    }
    prototype = Object.getPrototypeOf(prototype);
  } while (prototype !== null && isOpen(value));
  const instead = fromTemporal(value);
  if (!instead) return refuseClass(writer, value);
  const reduce = PLANS.get(Object.getPrototypeOf(instead))!;
  writePlan(writer, value, reduce(instead as never, writer.options));
}

function planOfOwn(
  { toPython, module, name }: PickleWriterClass,
  value: object,
): Plan {
  const object = toPython
    ? toPython(value as never)
    : new PyObject(module, name, { bare: true, state: { ...value } });
  return PLANS.get(PyObject.prototype)!(object as never, undefined as never);
}

function refuseClass(writer: Writer, value: object): never {
  const { name } = value.constructor ?? {};
  return writer.refuse(
    `no class of Python is registered for ${name || "this class"}`,
  );
}
