import { UnknownNameError } from "../../src/errors.ts";
import type { Bytes } from "../../src/types.ts";
import type { Stage } from "../stage.ts";
import { Pipeline } from "./_pipeline.ts";
import type { Serializer, SerializerConfig } from "./types.ts";

/** A serializer of a type that is not known here: its settings are kept as they are. */
export function unknownSerializer(config: SerializerConfig): Serializer {
  const refuse = (act: string) => (): never => {
    const message =
      `Serializer '${config.type}' is not available in this environment, so ${act} cannot be performed.`;
    const error = new UnknownNameError("serializer", config.type, [
      "json",
      "pickle",
    ]);
    error.message = message;
    throw error;
  };
  const stage: Stage<unknown, Bytes> = {
    name: config.type,
    encoder: refuse("serialization"),
    decoder: refuse("deserialization"),
  };
  return new Pipeline(structuredClone(config), stage, () => stage);
}
