import { bytesOf, concat } from "../bytes.ts";
import { FormatError, RemoteError, UnknownNameError } from "../errors.ts";
import { PyByteArray } from "../pickle/values/bytes.ts";
import type { Bytes, Message } from "../types.ts";
import { pack } from "./_packer.ts";
import { classOfHeader, pickleOfClass } from "./_type_name.ts";
import { unpack } from "./_unpacker.ts";
import type { Deserializer } from "./deserialize.ts";
import type {
  DaskFamily,
  DaskType,
  DeserializeTools,
  PythonClass,
} from "./registry.ts";
import type { HeaderLayout, Serializer } from "./serialize.ts";
import { type DaskHeader, Serialized } from "./values.ts";
import { isGeneric, readGeneric } from "./types/generic.ts";
import { isNdArray, readNdArray } from "./types/numpy.ts";

const STAGE = "dask";

/** The pickles of classes, of each protocol: the same few are needed again and again. */
const pickles = new Map<string, Bytes>();

function pickleOf(type: PythonClass, protocol: 4 | 5): Bytes {
  const key = `${protocol}${type.module}.${type.name}`;
  let pickle = pickles.get(key);
  if (!pickle) {
    if (pickles.size > 1000) pickles.clear();
    pickles.set(key, pickle = pickleOfClass(type, protocol));
  }
  return pickle;
}

/** The family `dask`: of each class its own way. */
export const daskFamily: DaskFamily = {
  dumps(value, tools) {
    const { registry, layout, last } = tools as Serializer;
    const type = registry.typeOf(value);
    if (!type) return undefined;
    const { header, frames } = type.serialize(value, tools);
    const named = type.typeOf?.(value);
    if (!named && last.own === header && last.type === type) {
      return { header: last.whole!, frames };
    }
    const whole = headerOf(header, named ?? type, layout);
    if (!named) Object.assign(last, { own: header, type, whole });
    return { header: whole, frames };
  },
  loads: (header, frames, tools) => daskReader(header, tools)(frames),
  reader: daskReader,
};

function headerOf(
  header: DaskHeader,
  { module, name }: PythonClass,
  layout: HeaderLayout,
): DaskHeader {
  const protocol = layout === "nested" ? 5 : 4;
  const own = layout === "nested" ? {} : header;
  const nested = layout === "flat" ? {} : { "sub-header": header };
  return {
    ...own,
    ...nested,
    type: module === "builtins" ? name : `${module}.${name}`,
    "type-serialized": pickleOf({ module, name }, protocol),
    serializer: "dask",
  };
}

function daskReader(
  header: DaskHeader,
  tools: DeserializeTools,
): (frames: readonly Bytes[]) => unknown {
  const type = classOfHeader(header);
  if (!type) throw new FormatError(STAGE, "a header without a type");
  const own = header["sub-header"] ?? header;
  if (typeof own !== "object" || own === null || own instanceof Map) {
    throw new FormatError(STAGE, "the header of a type is not a map");
  }
  const { registry, unknown } = tools as Deserializer;
  const found = registry.typeNamed(type);
  const their = (tools as Deserializer).for(type);
  if (found?.reader) return found.reader(own as DaskHeader, their);
  const read = found?.deserialize ?? unnamed(own as DaskHeader);
  if (read) return (frames) => read(own as DaskHeader, frames, their);
  if (unknown === "serialized") {
    return (frames) => new Serialized(header, frames);
  }
  throw new UnknownNameError("type", `${type.module}.${type.name}`, []);
}

/** How a class is read that is not known by name: as one that it is derived from, by what its header has. */
function unnamed(header: DaskHeader): DaskType["deserialize"] | undefined {
  if (isNdArray(header)) return readNdArray;
  return isGeneric(header) ? readGeneric : undefined;
}

/** The family `pickle`: a pickle, and the buffers beside it. */
export const pickleFamily: DaskFamily = {
  dumps(value, tools) {
    const serializer = tools as Serializer;
    const { frames, writeable } = serializer.pickled(value);
    return writeable.length === 0
      ? { header: serializer.bare, frames }
      : { header: { serializer: "pickle", writeable }, frames };
  },
  loads: (header, frames, tools) => pickleReader(header, tools)(frames),
  reader: pickleReader,
};

function pickleReader(
  { writeable }: DaskHeader,
  tools: DeserializeTools,
): (frames: readonly Bytes[]) => unknown {
  if (!Array.isArray(writeable) || !writeable.includes(true)) {
    return (frames) => tools.unpickle(frames);
  }
  return (frames) =>
    tools.unpickle(
      frames.map((frame, i) =>
        i > 0 && writeable[i - 1] === true
          ? new PyByteArray(frame.buffer, frame.byteOffset, frame.length)
          : frame
      ),
    );
}

/** The family `msgpack`: whatever that has a form for. */
export const msgpackFamily: DaskFamily = {
  dumps(value): Message | undefined {
    try {
      return { header: { serializer: "msgpack" }, frames: [pack(value)] };
    } catch {
      return undefined;
    }
  },
  loads(_header, frames, tools) {
    const { arrays, floats } = tools as Deserializer;
    return unpack(concat(frames), { arrays, floats });
  },
};

/** The family `error`: what could not be serialized, and why. */
export const errorFamily: DaskFamily = {
  loads(_header, frames) {
    const utf8 = new TextDecoder();
    const texts = frames.map((frame) => utf8.decode(bytesOf(frame)));
    throw new RemoteError(texts.join("\n"));
  },
};
