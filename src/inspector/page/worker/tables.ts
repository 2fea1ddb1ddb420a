import type { Plot, Table } from "../protocol.ts";
import { cell } from "./describe.ts";

/** A column of something that can be shown as a table. */
export interface TableColumn {
  readonly name: string;
  readonly at: (index: number) => unknown;
}

/** Rows and columns. */
export interface Tabular {
  readonly length: number;
  readonly columns: readonly TableColumn[];
}

/** Takes as a table what it knows. */
export type Tabler = (value: object) => Tabular | undefined;

/** Those that are loaded later: of Python's arrays and tables. */
export const tablers: Tabler[] = [];

/** Columns that are shown of a table, rows that are looked at to find them, parts of a plot, and bars of a histogram. */
const MAX_COLUMNS = 200;
const LOOKED_AT = 100;
const MAX_PLOTS = 24;
const PARTS = 240;
const BARS = 24;

/** A value as a table, if it can be one. */
export function tabularOf(value: unknown): Tabular | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const each of tablers) {
    const tabular = each(value);
    if (tabular) return tabular;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = value as Uint8Array;
    return {
      length: items.length,
      columns: [{ name: "value", at: (i) => items[i] }],
    };
  }
  return Array.isArray(value) && value.length > 0 ? ofArray(value) : undefined;
}

function ofArray(items: readonly unknown[]): Tabular | undefined {
  const head = items.slice(0, LOOKED_AT);
  if (
    items.length > 1 &&
    head.every((item) => typeof item === "number" || typeof item === "bigint")
  ) {
    return {
      length: items.length,
      columns: [{ name: "value", at: (i) => items[i] }],
    };
  }
  if (!head.every(isRecord)) return undefined;
  const names = new Set(head.flatMap((item) => Object.keys(item)));
  if (names.size === 0) return undefined;
  const columns = [...names].slice(0, MAX_COLUMNS).map((name) => ({
    name,
    at: (i: number) => {
      const item = items[i];
      return isRecord(item) && Object.hasOwn(item, name)
        ? item[name]
        : undefined;
    },
  }));
  return { length: items.length, columns };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Some rows of a table, as text. */
export function tableOf(
  { length, columns }: Tabular,
  from: number,
  to: number,
): Table {
  const rows: string[][] = [];
  for (let i = Math.max(0, from); i < Math.min(length, to); i++) {
    rows.push(columns.map(({ at }) => cell(at(i))));
  }
  return { columns: columns.map(({ name }) => name), rows, length };
}

/** The columns that are numbers, or times, as small plots. */
export function plotsOf({ length, columns }: Tabular): Plot[] {
  const plots: Plot[] = [];
  for (const column of columns) {
    if (plots.length === MAX_PLOTS) break;
    const plot = plotOf(column, length);
    if (plot) plots.push(plot);
  }
  return plots;
}

function plotOf({ name, at }: TableColumn, length: number): Plot | undefined {
  const step = Math.max(1, Math.floor(length / LOOKED_AT));
  let [numbers, times, others] = [0, 0, 0];
  for (let i = 0; i < length; i += step) {
    const value = at(i);
    const kind = kindOf(value);
    if (kind === "number") numbers++;
    else if (kind === "time") times++;
    else if (value !== null && value !== undefined && kind !== "missing") {
      others++;
    }
  }
  if (numbers + times === 0 || others > (numbers + times) / 4) return undefined;
  const parts = Math.min(PARTS, length);
  const low = new Float64Array(parts).fill(NaN);
  const high = new Float64Array(parts).fill(NaN);
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < length; i++) {
    const value = toNumber(at(i));
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
    const part = Math.floor(i * parts / length);
    if (!(low[part]! <= value)) low[part] = value;
    if (!(high[part]! >= value)) high[part] = value;
  }
  if (count === 0) return undefined;
  const histogram = histogramOf(at, length, min, max);
  const type = times > numbers ? "time" : "number";
  return {
    name,
    type,
    count,
    missing: length - count,
    min,
    max,
    mean: sum / count,
    low,
    high,
    histogram,
  };
}

function histogramOf(
  at: (i: number) => unknown,
  length: number,
  min: number,
  max: number,
): number[] {
  const bars = new Array<number>(BARS).fill(0);
  const width = (max - min) || 1;
  for (let i = 0; i < length; i++) {
    const value = toNumber(at(i));
    if (Number.isFinite(value)) {
      bars[Math.min(BARS - 1, Math.floor((value - min) / width * BARS))]!++;
    }
  }
  return bars;
}

function kindOf(value: unknown): "number" | "time" | "missing" | "other" {
  if (typeof value === "boolean") return "other";
  if (typeof value === "number") {
    return Number.isNaN(value) ? "missing" : "number";
  }
  if (typeof value === "bigint") return "number";
  return Number.isNaN(toNumber(value)) ? "other" : "time";
}

/** Infinite numbers cannot be drawn. */
function toNumber(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : NaN;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return NaN;
  if (value instanceof Date) return value.getTime();
  const { epochMilliseconds, epochNanoseconds } = value as Record<
    string,
    unknown
  >;
  if (typeof epochMilliseconds === "number") return epochMilliseconds;
  if (typeof epochNanoseconds === "bigint") {
    return Number(epochNanoseconds / 1_000_000n);
  }
  const inner = (value as { value?: unknown }).value;
  return typeof inner === "number" ? inner : NaN;
}
