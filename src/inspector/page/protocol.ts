/** What the page and its worker tell each other. All of it is plain data, made to be shown. */

/** How a row came out. */
export type Status = "ok" | "start" | "end" | "failure" | "damaged";

/** A message, or what stands for one in formats without messages. */
export interface Row {
  readonly index: number;
  readonly offset: number;
  readonly byteLength: number;
  readonly status: Status;
  readonly family: string;
  /** Each once, `none` for frames that are as they were. */
  readonly codecs: string;
  readonly tagged: boolean;
  readonly values: number;
  /** How many values come before. */
  readonly firstValue: number;
  readonly frames: number;
  /** Decompressed; `null` where only decompressing would tell. */
  readonly plainBytes: number | null;
  /** What is wrong with it. */
  readonly note: string | undefined;
}

/** Something that is wrong, and where. */
export interface Damage {
  /** The row, if there is one for it. */
  readonly row: number | undefined;
  readonly offset: number | undefined;
  readonly text: string;
}

/** What is known of the whole so far. */
export interface Summary {
  /** Which opening it is of. */
  readonly opening: number;
  readonly name: string;
  readonly format: string;
  /** What it is in a few words. */
  readonly description: string;
  /** The codecs around everything, the outermost first. */
  readonly codecs: readonly string[];
  readonly state: "reading" | "done" | "cancelled" | "failed";
  /** Bytes of the input, and how many have been read; `null` while unknown. */
  readonly inputBytes: number | null;
  readonly readBytes: number;
  /** Bytes that the rows are in: after the codecs around everything. */
  readonly bytes: number;
  readonly rows: number;
  readonly messages: number;
  readonly values: number;
  readonly storedBytes: number;
  readonly plainBytes: number | null;
  readonly families: readonly Count[];
  readonly damages: readonly Damage[];
  readonly damageCount: number;
  /** What one row is called. */
  readonly unit: string;
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** How many of something there are. */
export interface Count {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

/** A column of pixels of the picture of the whole. */
export interface Slot {
  /** The family that most of its bytes are of, as an index into `Layout.families`; -1 for envelope, -2 for damage. */
  readonly family: number;
  readonly row: number;
  /** Stored by plain bytes: 1 where nothing is compressed. */
  readonly ratio: number;
  readonly damaged: boolean;
}

/** The picture of the whole. */
export interface Layout {
  readonly bytes: number;
  readonly families: readonly string[];
  readonly slots: readonly Slot[];
}

/** How a value is coloured. */
export type Tone =
  | "text"
  | "number"
  | "literal"
  | "time"
  | "bytes"
  | "array"
  | "object"
  | "error";

/** A value in the tree. */
export interface Node {
  readonly id: number;
  readonly key: string;
  readonly type: string;
  readonly preview: string;
  readonly tone: Tone;
  readonly count: number;
  /** Whether it can be shown as a table, and its numbers as plots. */
  readonly tabular: boolean;
}

/** A piece of a message, as it stands in the input. */
export interface Part {
  readonly label: string;
  readonly offset: number;
  readonly byteLength: number;
  readonly codec: string | null;
  readonly plainBytes: number | null;
}

/** All about one row. */
export interface Detail {
  readonly row: Row;
  readonly parts: readonly Part[];
  readonly header: Node | undefined;
  readonly values: readonly Node[];
  /** Values that can be shown as tables. */
  readonly subjects: readonly Node[];
  readonly notes: readonly string[];
  readonly error: string | undefined;
  /** Text to show besides, such as the instructions of a pickle. */
  readonly listing:
    | { readonly title: string; readonly text: string }
    | undefined;
}

/** A part of a table. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly length: number;
}

/** A column of numbers, made small. */
export interface Plot {
  readonly name: string;
  readonly type: "number" | "time";
  readonly count: number;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** The least and the greatest of each part, `NaN` where there is nothing. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly histogram: readonly number[];
}

/** What to convert to. */
export interface Conversion {
  readonly format: string;
  readonly codec: string | null;
  readonly lossy: boolean;
}

/** What came of it. */
export interface Converted {
  readonly blob: Blob;
  readonly name: string;
  readonly values: number;
  /** In how many places the input is damaged, so that something is left out. */
  readonly damages: number;
  readonly error: string | undefined;
}

/** What is opened. */
export interface Opening {
  /** Its number, by which what is told of it is known. */
  readonly number: number;
  readonly source: Blob | string;
  readonly name: string;
  /** How to read it; by default, as it looks. */
  readonly as: string;
}

/** What the page can ask for, and what it gets. */
export interface Calls {
  open(opening: Opening): void;
  example(): Blob;
  cancel(): void;
  rows(from: number, to: number): Row[];
  layout(width: number): Layout;
  nextDamage(after: number): number;
  detail(index: number): Detail;
  children(id: number, from: number, to: number): Node[];
  table(id: number, from: number, to: number): Table;
  plots(id: number): Plot[];
  bytes(from: number, to: number): Uint8Array;
  convert(conversion: Conversion): Converted;
  stopConversion(): void;
}

/** What the worker tells without being asked. */
export type Told =
  | { readonly told: "summary"; readonly summary: Summary }
  | {
    readonly told: "converting";
    readonly done: number;
    readonly total: number;
    readonly bytes: number;
  };

/** A question. */
export interface Asked {
  readonly id: number;
  readonly call: keyof Calls;
  readonly args: readonly unknown[];
}

/** An answer. */
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
