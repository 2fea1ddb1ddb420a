import type { Bytes } from "../src/types.ts";
import { ZstdFrames, type ZstdHeader } from "../src/zstd_frames.ts";
import type { Coder, Emit } from "./_paced_stream.ts";
import { bytesAfterEnd, cut, refusal, type Section } from "./_section.ts";

const MAGIC: Bytes = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

/** What decodes one frame. */
export interface ZstdEngine {
  /** Whether it must be given one block at a time, because it puts out all at once what it is given at once. */
  readonly byBlock: boolean;
  /** @param header What the frame's header says, once that has come. */
  start(emit: Emit, header: () => ZstdHeader): Section;
}

/**
 * Decodes zstd, one frame after another, each through an engine of its own. The engines take a cut input for a whole
 * one and do not agree about a second frame, so the structure is walked here.
 */
export class ZstdDecoder implements Coder {
  readonly #engine: ZstdEngine;
  readonly #emit: Emit;
  readonly #frames: ZstdFrames;
  #section: Section | undefined;
  #frameStart = 0;

  constructor(engine: ZstdEngine, maxWindow: number, emit: Emit) {
    this.#engine = engine;
    this.#emit = emit;
    this.#frames = new ZstdFrames(maxWindow);
  }

  async write(chunk: Bytes): Promise<void> {
    const frames = this.#frames;
    let at = 0;
    let unfed = 0;
    while (at < chunk.length) {
      const { undecided } = frames;
      const { end, data, ends } = frames.next(chunk, at);
      if (undecided) {
        // With the bytes that follow, if it stands among them; else by itself.
        const isWhole = end - at === MAGIC.length && end < chunk.length;
        unfed = isWhole ? at : end;
        at = end;
        if (frames.undecided || !data) continue;
        this.#frameStart = frames.offset - MAGIC.length;
        this.#section = this.#engine.start(this.#emit, () => frames.header);
        if (unfed === end) await this.#feed(MAGIC);
        continue;
      }
      at = end;
      if (!data) continue;
      const due = ends === "frame" || end === chunk.length ||
        (ends === "block" && this.#engine.byBlock);
      if (due) {
        await this.#feed(chunk.subarray(unfed, end));
        unfed = end;
      }
      if (ends === "frame") await this.#endFrame();
    }
  }

  async #feed(bytes: Bytes): Promise<void> {
    const section = this.#section!;
    let taken: number;
    try {
      taken = await section.write(bytes);
    } catch (cause) {
      throw refusal("zstd", cause, this.#frameStart + section.taken);
    }
    if (taken < bytes.length) {
      throw bytesAfterEnd("zstd", this.#frameStart + section.taken);
    }
  }

  async #endFrame(): Promise<void> {
    try {
      await this.#section!.end();
    } catch (cause) {
      throw refusal("zstd", cause, this.#frameStart);
    }
    this.#section!.close();
    this.#section = undefined;
  }

  end(): Promise<void> {
    return this.#frames.complete
      ? Promise.resolve()
      : Promise.reject(cut("zstd", this.#frames.offset));
  }

  close(): void {
    this.#section?.close();
  }
}
