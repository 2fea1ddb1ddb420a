import type { Bytes } from "../../mod.ts";
import { Gone } from "./_gone.ts";

/** As much of a request of `node:http` as is used here. */
export interface Incoming {
  readonly destroyed: boolean;
  on(event: "data", listener: (data: Bytes) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  off(event: "data", listener: (data: Bytes) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** Of those whose bodies nobody reads but this server. */
const incomings = new WeakMap<Request, Incoming>();

/** Notes down as what a request came. */
export function cameAs(request: Request, incoming: Incoming): void {
  incomings.set(request, incoming);
}

/**
 * The body of a request of `node:http`, from where it comes in: what it has for a body as a `Request` copies every chunk, and
 * takes it through two streams more.
 *
 * @param check Looks at each chunk, and throws if it is too much.
 * @param signal Aborted when nobody wants the body any more.
 * @returns The body; none if it is not known where it comes in.
 */
export function directBody(
  request: Request,
  check: (chunk: Bytes) => void,
  signal: AbortSignal,
): ReadableStream<Bytes> | undefined {
  const incoming = incomings.get(request);
  if (!incoming) return undefined;
  let over = false;
  // What comes after that, is dropped where the connection goes on.
  const rest = () => {
    if (over) return;
    over = true;
    incoming.off("data", take);
    incoming.pause();
  };
  let fail!: (error: unknown) => void;
  let give!: (chunk: Bytes) => void;
  const take = ({ buffer, byteOffset, length }: Bytes) => {
    const chunk = new Uint8Array(buffer, byteOffset, length);
    try {
      check(chunk);
    } catch (error) {
      return fail(error);
    }
    // One at a time, as they are asked for.
    incoming.pause();
    give(chunk);
  };
  return new ReadableStream<Bytes>({
    start(controller) {
      give = (chunk) => controller.enqueue(chunk);
      fail = (error) => {
        if (over) return;
        rest();
        controller.error(error);
      };
      const stop = () => fail(signal.reason);
      if (signal.aborted) return stop();
      signal.addEventListener("abort", stop, { once: true });
      incoming.pause();
      incoming.on("data", take);
      incoming.on("end", () => {
        if (over) return;
        rest();
        controller.close();
      });
      incoming.on("error", (error) => fail(new Gone(error)));
      incoming.on("close", () => fail(new Gone(undefined)));
      if (incoming.destroyed) fail(new Gone(undefined));
    },
    pull: () => void incoming.resume(),
    cancel: rest,
  }, { highWaterMark: 0 });
}
