const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** `1.2 MB`: powers of a thousand, as disks and networks are sold. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  while (bytes >= 999.5 && unit < UNITS.length - 1) {
    bytes /= 1000;
    unit++;
  }
  const digits = unit === 0 || bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2;
  return `${bytes.toFixed(digits)} ${UNITS[unit]}`;
}

/** `1,234,567` */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** `3 values`, `1 value` */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `1:02:03`, `2:03` */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) parts.unshift(Math.floor(whole / 3600));
  return parts.map((part, i) => `${part}`.padStart(i ? 2 : 1, "0")).join(":");
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly width: number;
  /** Text begins at the left, numbers end at the right. @default {"right"} */
  readonly align?: "left" | "right";
}

/**
 * A row of a table, by columns of fixed widths, so that rows can be written as they come: the table libraries want all
 * of them first.
 */
export function formatRow(
  columns: readonly Column[],
  cells: readonly string[],
): string {
  const text = columns.map(({ width, align = "right" }, i) => {
    const cell = cells[i] ?? "";
    return align === "left" ? cell.padEnd(width) : cell.padStart(width);
  });
  return text.join("  ").trimEnd();
}

/** The titles of a table. */
export function formatTitles(columns: readonly Column[]): string {
  return formatRow(columns, columns.map(({ title }) => title));
}
