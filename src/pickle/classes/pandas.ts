import type {
  PickleArguments,
  PickleClass,
  PickleGlobals,
} from "../globals.ts";
import { Column } from "../values/column.ts";
import { NdArray } from "../values/ndarray.ts";
import { PyGlobal, PyObject } from "../values/object.ts";
import {
  NA,
  NaT,
  PdTimedelta,
  PdTimestamp,
  type PdUnit,
} from "../values/pdscalar.ts";
import { DataFrame, Index, Series } from "../values/table.ts";
import type { PyTzInfo } from "../values/timezone.ts";
import { columnParts, EMPTY, rowOf } from "./pandas_arrays.ts";
import { columnOf } from "./pandas_parts.ts";
import { addPandasNames } from "./pandas_names.ts";
import { bigintFrom, dictOf, listFrom, numberOf } from "./_state.ts";
import { Refusal } from "./_refusal.ts";

/** Classes and functions of pandas 1, 2 and 3. */
export function addPandas(globals: PickleGlobals): void {
  addPandasNames(globals);
  const frame: PickleClass = { call: emptyFrame, setState: setFrame };
  const series: PickleClass = { call: emptySeries, setState: setSeries };
  globals.add("pandas.core.frame", "DataFrame", frame);
  globals.add("pandas", "DataFrame", frame);
  globals.add("pandas.core.series", "Series", series);
  globals.add("pandas", "Series", series);
  const index = { call: indexOf };
  const indexes = "pandas.core.indexes";
  globals.add(`${indexes}.base`, "_new_Index", index);
  globals.add(`${indexes}.datetimes`, "_new_DatetimeIndex", index);
  globals.add(`${indexes}.timedeltas`, "_new_TimedeltaIndex", index);
  globals.add(`${indexes}.period`, "_new_PeriodIndex", index);
  globals.add(`${indexes}.interval`, "_new_IntervalIndex", index);
  addScalars(globals);
}

function addScalars(globals: PickleGlobals): void {
  globals.add("pandas", "NA", { value: NA });
  globals.add("pandas._libs.missing", "NA", { value: NA });
  globals.add("pandas._libs.tslibs.nattype", "NaT", { value: NaT });
  for (const name of ["__nat_unpickle", "_nat_unpickle"]) {
    globals.add("pandas._libs.tslibs.nattype", name, { call: () => NaT });
  }
  // Early versions of pandas call the classes themselves, with nanoseconds.
  for (const name of ["_unpickle_timestamp", "Timestamp"]) {
    globals.add("pandas._libs.tslibs.timestamps", name, {
      call: ([value, , tz, unit]) =>
        new PdTimestamp(
          bigintFrom(value),
          unitOf(unit),
          (tz ?? null) as PyTzInfo | null,
        ),
    });
  }
  for (const name of ["_timedelta_unpickle", "Timedelta"]) {
    globals.add("pandas._libs.tslibs.timedeltas", name, {
      call: ([value, unit]) => new PdTimedelta(bigintFrom(value), unitOf(unit)),
    });
  }
}

const UNITS: ReadonlyMap<number, PdUnit> = new Map([
  [7, "s"],
  [8, "ms"],
  [9, "us"],
  [10, "ns"],
]);

function unitOf(value: unknown): PdUnit {
  if (value === undefined) return "ns";
  const unit = UNITS.get(numberOf(value));
  if (!unit) throw new RangeError("the unit is not known");
  return unit;
}

const NO_LABELS = new Index("Index", [null], [EMPTY]);

function emptyFrame(args: PickleArguments): unknown {
  return args.length > 0
    ? new Refusal()
    : new DataFrame(NO_LABELS, NO_LABELS, []);
}

function emptySeries(args: PickleArguments): unknown {
  return args.length > 0 ? new Refusal() : new Series(null, NO_LABELS, EMPTY);
}

/** A block: values, and which of the columns they are. */
interface Block {
  readonly values: unknown;
  readonly places: unknown;
}

/** What a manager of blocks holds, in any of its forms. */
function managed(manager: unknown): { axes: Index[]; blocks: Block[] } {
  if (!(manager instanceof PyObject)) throw new TypeError("there is no data");
  const { args, state } = manager;
  if (Array.isArray(state) && state.length === 4) {
    const { axes, blocks } = Object.fromEntries(
      dictOf(dictOf(state[3]).get("0.14.1")),
    );
    return {
      axes: listFrom(axes).map(labelsOf),
      blocks: listFrom(blocks).map((block) => {
        const parts = dictOf(block);
        return { values: parts.get("values"), places: parts.get("mgr_locs") };
      }),
    };
  }
  const [blocks, axes] = args;
  return {
    axes: listFrom(axes).map(labelsOf),
    blocks: listFrom(blocks).map((block) => {
      if (!(block instanceof PyObject)) throw new TypeError("this is no block");
      return { values: block.args[0], places: block.args[1] };
    }),
  };
}

function labelsOf(value: unknown): Index {
  if (value instanceof Index) return value;
  throw new TypeError("this is no index");
}

function setFrame(frame: DataFrame, state: unknown): void {
  const parts = dictOf(state);
  const { axes, blocks } = managed(parts.get("_mgr") ?? parts.get("_data"));
  const [columns, index] = axes;
  if (!columns || !index) throw new TypeError("there are no labels");
  const data = new Array<Column | undefined>(columns.length).fill(undefined);
  for (const { values, places } of blocks) {
    const found = placesOf(places, data.length);
    for (let k = 0; k < found.length; k++) {
      const column = rowOf(values, k, found.length);
      if (column.length !== index.length || data[found[k]!]) {
        throw new RangeError("the columns do not fit the labels");
      }
      data[found[k]!] = column;
    }
  }
  if (data.includes(undefined)) throw new RangeError("a column is missing");
  const attrs = parts.get("attrs") ?? {};
  Object.assign(frame, { columns, index, data, attrs });
}

/** The numbers of a slice, or of an array. */
function placesOf(places: unknown, count: number): number[] {
  let found: number[];
  if (places instanceof NdArray) {
    found = places.toArray().map(numberOf);
  } else {
    const { start, stop, step } = places as Record<string, unknown>;
    const [from, to] = [numberOf(start ?? 0), numberOf(stop ?? count)];
    const by = numberOf(step ?? 1);
    const length = Math.max(0, Math.ceil((to - from) / by));
    if (!(length <= count)) throw new RangeError("there are too many places");
    found = Array.from({ length }, (_, i) => from + i * by);
  }
  if (found.some((place) => !(place >= 0 && place < count))) {
    throw new RangeError("a column is out of place");
  }
  return found;
}

function setSeries(series: Series, state: unknown): void {
  const parts = dictOf(state);
  const { axes, blocks } = managed(parts.get("_mgr") ?? parts.get("_data"));
  const [index] = axes;
  const [block] = blocks;
  if (!index || !block) throw new TypeError("there is no data");
  const values = columnOf(block.values);
  if (values.length !== index.length) {
    throw new RangeError("the values do not fit the labels");
  }
  const name = parts.get("_name") ?? parts.get("name") ?? null;
  Object.assign(series, { name, index, values });
}

/** `(class, parts)`. */
function indexOf([cls, parts]: PickleArguments): unknown {
  if (!(cls instanceof PyGlobal)) return new Refusal();
  const found = dictOf(parts);
  const names = [found.get("name") ?? null];
  switch (cls.name) {
    case "RangeIndex":
      return new Index(cls.name, names, [rangeColumn(found)]);
    case "MultiIndex":
      return multiIndex(found);
    case "IntervalIndex":
      return new Index(cls.name, names, [
        new Column(columnParts("IntervalArray", found)),
      ]);
    default:
      return new Index(cls.name, names, [datesOf(found)]);
  }
}

/** Older versions have dates without their zone, and the zone beside them. */
function datesOf(parts: ReadonlyMap<string, unknown>): Column {
  const data = parts.get("data");
  const tz = parts.get("tz");
  if (tz === undefined || tz === null) return columnOf(data);
  return new Column(
    columnParts("DatetimeArray", new Map([["data", data], ["tz", tz]])),
  );
}

function rangeColumn(parts: ReadonlyMap<string, unknown>): Column {
  const start = numberOf(parts.get("start") ?? 0);
  const stop = numberOf(parts.get("stop"));
  const step = numberOf(parts.get("step") ?? 1);
  if (step === 0) throw new RangeError("a range has a step");
  return new Column({
    dtype: "int64",
    length: Math.max(0, Math.ceil((stop - start) / step)),
    source: { start, stop, step },
    read: (index) => start + index * step,
  });
}

function multiIndex(parts: ReadonlyMap<string, unknown>): Index {
  const codes = listFrom(parts.get("codes") ?? parts.get("labels"));
  const levels = listFrom(parts.get("levels")).map((level, k) => {
    const labels = labelsOf(level);
    return new Column(
      columnParts(
        "Categorical",
        new Map<string, unknown>([
          ["codes", codes[k]],
          ["categories", labels],
        ]),
      ),
    );
  });
  if (levels.some(({ length }) => length !== levels[0]!.length)) {
    throw new RangeError("the levels are not of one length");
  }
  const names = parts.get("names");
  return new Index(
    "MultiIndex",
    names ? [...listFrom(names)] : levels.map(() => null),
    levels,
  );
}
