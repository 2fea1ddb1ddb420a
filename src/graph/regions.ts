import type { Parts } from "../serialization.ts";
import { Region } from "../serializations/region.ts";

type Bounds = { start: number; end: number };

/** What shows the bytes of a buffer: a view, or the buffer itself. */
export type Showing = ArrayBufferView<ArrayBuffer> | ArrayBuffer;

/** Whether a value shows the bytes of a buffer that others may show too. */
export function isShowing(value: unknown): value is Showing {
  return value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) && value.buffer instanceof ArrayBuffer;
}

/**
 * Which views of a value overlap or touch each other in one buffer: those stay views of one buffer. What no view shows is
 * never sent, so views with other bytes between them come back apart.
 */
export class Regions {
  readonly #parts = new Map<Showing, Parts>();

  constructor(all: Iterable<Showing>) {
    const byBuffer = new Map<ArrayBuffer, Showing[]>();
    for (const view of all) {
      const views = byBuffer.get(bufferOf(view));
      if (views) views.push(view);
      else byBuffer.set(bufferOf(view), [view]);
    }
    for (const [buffer, views] of byBuffer) {
      if (views.length > 1) this.#split(buffer, views);
    }
  }

  /** Whether there is a region at all. */
  get any(): boolean {
    return this.#parts.size > 0;
  }

  /** What a view is taken apart into, if it shares its bytes with another. */
  of(view: unknown): Parts | undefined {
    return this.#parts.get(view as Showing);
  }

  #split(buffer: ArrayBuffer, views: Showing[]): void {
    views.sort((a, b) => boundsOf(a).start - boundsOf(b).start);
    let group: Showing[] = [];
    let whole: Bounds = { start: 0, end: -1 };
    for (const view of views) {
      const { start, end } = boundsOf(view);
      if (start > whole.end) {
        this.#add(buffer, group, whole);
        group = [];
        whole = { start, end };
      }
      group.push(view);
      whole.end = Math.max(whole.end, end);
    }
    this.#add(buffer, group, whole);
  }

  #add(buffer: ArrayBuffer, group: Showing[], { start, end }: Bounds): void {
    if (group.length < 2) return;
    const region = new Region(
      new Uint8Array(buffer, start, end - start),
      start % Region.ALIGNMENT,
    );
    for (const view of group) {
      const bounds = boundsOf(view);
      const header = [region, bounds.start - start, bounds.end - bounds.start];
      this.#parts.set(view, { header });
    }
  }
}

function bufferOf(view: Showing): ArrayBuffer {
  return view instanceof ArrayBuffer ? view : view.buffer;
}

function boundsOf(view: Showing): Bounds {
  const start = view instanceof ArrayBuffer ? 0 : view.byteOffset;
  return { start, end: start + view.byteLength };
}
