/** The settings of serializers, and what Prefect demands of them. */
import { FormatError } from "../errors.ts";
import { told } from "../told.ts";
import type { Keywords } from "./format.ts";

/** Prefect's own encoder and decoder of objects. */
export const ENCODER = "prefect.serializers.prefect_json_object_encoder";
export const DECODER = "prefect.serializers.prefect_json_object_decoder";

/** A setting that Prefect would not accept. */
export class InvalidSetting extends FormatError {
  /** @param reason What is wrong with it. */
  constructor(readonly reason: string, path: string) {
    super("serializer", reason, { path });
  }

  /** The same, as the setting of a serializer inside another. */
  within(field: string): InvalidSetting {
    return new InvalidSetting(this.reason, `$.${field}${this.path!.slice(1)}`);
  }
}

export function invalid(reason: string, field?: string): InvalidSetting {
  return new InvalidSetting(reason, field === undefined ? "$" : `$.${field}`);
}

/** How one field is read; what is absent is `undefined`. */
export type Field = (value: unknown, name: string) => unknown;

const text = (otherwise: string): Field => (value, name) => {
  if (value === undefined) return otherwise;
  if (typeof value === "string") return value;
  throw invalid(`Input should be a valid string, not ${told(value)}`, name);
};

const textOrNull = (otherwise: string | null): Field => (value, name) =>
  value === null
    ? null
    : value === undefined
    ? otherwise
    : text("")(value, name);

const keywords = (banned: string, instead: string): Field => (value, name) => {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("Input should be a valid dictionary", name);
  }
  if (Object.hasOwn(value, banned)) {
    const message =
      `\`${banned}\` cannot be provided. Use \`${instead}\` instead.`;
    throw invalid(message, name);
  }
  return { ...value } satisfies Keywords;
};

/** The fields of each type, in Prefect's order. */
export const FIELDS: Readonly<
  Record<"json" | "pickle" | "compressed", Readonly<Record<string, Field>>>
> = {
  json: {
    jsonlib: text("json"),
    object_encoder: textOrNull(ENCODER),
    object_decoder: textOrNull(DECODER),
    dumps_kwargs: keywords("default", "object_encoder"),
    loads_kwargs: keywords("object_hook", "object_decoder"),
  },
  pickle: {
    picklelib: text("cloudpickle"),
    picklelib_version: textOrNull(null),
  },
  compressed: {
    serializer: (value: unknown, name: string): unknown => {
      if (value === undefined || typeof value === "string") return value;
      if (
        typeof value === "object" && value !== null && !Array.isArray(value)
      ) {
        return value;
      }
      const message =
        "Input should be a valid dictionary or instance of Serializer";
      throw invalid(message, name);
    },
    compressionlib: text("lzma"),
  },
};

/** The settings, complete and in order, of what was given. */
export function readFields(
  config: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Field>>,
): Record<string, unknown> {
  for (const name of Object.keys(config)) {
    if (name !== "type" && !Object.hasOwn(fields, name)) {
      throw invalid("Extra inputs are not permitted", name);
    }
  }
  const read: Record<string, unknown> = { type: config.type };
  for (const [name, field] of Object.entries(fields)) {
    read[name] = field(config[name], name);
  }
  return read;
}

/**
 * A library that a setting names.
 *
 * @param found What the name stands for; `null` for a module of Python that is none.
 */
export function demand<T>(
  found: T | null | undefined,
  kind: "pickle" | "compression",
  name: string,
): T {
  const field = `${kind}lib`;
  if (name === "") throw invalid("Empty module name", field);
  if (found === undefined) {
    throw invalid(
      `Failed to import requested ${kind} library: '${name}'.`,
      field,
    );
  }
  if (found !== null) return found;
  const method = kind === "pickle" ? "dumps" : "compress";
  const title = kind === "pickle" ? "Pickle" : "Compression";
  throw invalid(
    `${title} library at '${name}' does not have a '${method}' method.`,
    field,
  );
}
