import type { Bytes, Message } from "../src/types.ts";
import { EnvelopeWriter } from "../src/wire/envelope.ts";

/**
 * Messages to bytes, between a first message and a last one, which also stand where there is nothing between them.
 *
 * @param pack The bytes of a message.
 * @param toEnd What becomes of the last message.
 */
export function enveloping(
  pack: (message: Message) => readonly Bytes[],
  toEnd: (message: Message) => Message = (message) => message,
): Transformer<Message, Bytes> {
  type Controller = TransformStreamDefaultController<Bytes>;
  const envelope = new EnvelopeWriter();
  const write = (message: Message, controller: Controller) => {
    let length = 0;
    for (const chunk of pack(message)) {
      if (chunk.length > 0) controller.enqueue(chunk);
      length += chunk.length;
    }
    return length;
  };
  let started = false;
  const start = (controller: Controller) => {
    if (!started) envelope.wrote(write(envelope.start(), controller));
    started = true;
  };
  return {
    transform(message, controller) {
      envelope.check(message);
      start(controller);
      envelope.wrote(write(message, controller), message.header);
    },
    flush(controller) {
      start(controller);
      write(toEnd(envelope.end()), controller);
    },
  };
}
