import process from "node:process";
import { type Bytes, type Progress, progress } from "../../mod.ts";
import { formatBytes, formatDuration } from "./text.ts";

const WIDTH = 20;
const INTERVAL_MS = 100;

/** What a bar is told of the work that it shows. */
export interface ProgressOptions {
  /** How many bytes there are, if that is known. */
  readonly total: number | undefined;
  /** No bar, even on a terminal. */
  readonly quiet: boolean;
}

let isShown = false;

/**
 * Lets bytes pass, and shows on the terminal how many have: how fast, and how long it will take. Where stderr is no
 * terminal, nothing is shown.
 */
export function progressBar(
  { total, quiet }: ProgressOptions,
): TransformStream<Bytes, Bytes> {
  if (quiet || !process.stderr.isTTY) return new TransformStream();
  const began = performance.now();
  let drawn = began;
  const draw = ({ bytes }: Progress) => {
    const now = performance.now();
    if (now - drawn < INTERVAL_MS) return;
    drawn = now;
    isShown = true;
    const { columns = 80 } = process.stderr;
    const line = barText(bytes, total, (now - began) / 1000);
    process.stderr.write(`\r${line.slice(0, columns - 1)}\x1b[K`);
  };
  return progress<Bytes>(draw).encoder();
}

/** Leaves an empty line where a bar was. */
export function clearBar(): void {
  if (isShown) process.stderr.write("\r\x1b[K");
  isShown = false;
}

/** `▕██████      ▏ 42%  1.2 GB  280 MB/s  0:05 left` */
export function barText(
  bytes: number,
  total: number | undefined,
  seconds: number,
): string {
  const rate = bytes / Math.max(seconds, 1e-3);
  const speed = `${formatBytes(bytes)}  ${formatBytes(rate)}/s`;
  if (!total) return speed;
  const part = Math.min(1, bytes / total);
  const full = Math.round(part * WIDTH);
  const bar = "█".repeat(full) + " ".repeat(WIDTH - full);
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const left = formatDuration(Math.max(0, total - bytes) / Math.max(rate, 1));
  return `▕${bar}▏${percent}  ${speed}  ${left} left`;
}
