import type { PickleGlobals } from "../globals.ts";
import { addArrow } from "./arrow.ts";
import { addPandasArrays } from "./pandas_arrays.ts";

/** Classes that are only named: those of indexes and arrays, and of frequencies. */
const NAMES: Readonly<Record<string, string>> = {
  "pandas.core.indexes.base": "Index",
  "pandas.core.indexes.range": "RangeIndex",
  "pandas.core.indexes.numeric":
    "Int64Index UInt64Index Float64Index NumericIndex IntegerIndex",
  "pandas.core.indexes.multi": "MultiIndex",
  "pandas.core.indexes.category": "CategoricalIndex",
  "pandas.core.indexes.datetimes": "DatetimeIndex",
  "pandas.core.indexes.timedeltas": "TimedeltaIndex",
  "pandas.core.indexes.period": "PeriodIndex",
  "pandas.core.indexes.interval": "IntervalIndex",
  "pandas.core.indexes.frozen": "FrozenList",
  "pandas.core.internals.managers": "BlockManager SingleBlockManager",
  "pandas.core.internals.blocks": "new_block",
  "pandas._libs.internals": "_unpickle_block",
  "pandas._libs.sparse": "IntIndex BlockIndex",
  "pandas._libs.tslibs.period": "Period",
  "pandas._libs.tslibs.offsets":
    "BaseOffset Tick Day Hour Minute Second Milli Micro Nano MonthEnd MonthBegin YearEnd YearBegin QuarterEnd QuarterBegin Week BusinessDay BDay BusinessMonthEnd BusinessMonthBegin BusinessHour SemiMonthEnd SemiMonthBegin BQuarterEnd BQuarterBegin BYearEnd BYearBegin BusinessQuarterEnd LastWeekOfMonth WeekOfMonth DateOffset",
  "pandas._libs.interval": "Interval",
  "pandas.core.dtypes.dtypes":
    "CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype SparseDtype PandasDtype NumpyEADtype ArrowDtype",
  "pandas.core.arrays.string_": "StringDtype",
  "pandas.core.arrays.integer":
    "Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype",
  "pandas.core.arrays.floating": "Float32Dtype Float64Dtype",
  "pandas.core.arrays.boolean": "BooleanDtype",
  "pandas.core.arrays.arrow.dtype": "ArrowDtype",
  "pandas.core.arrays.sparse.dtype": "SparseDtype",
  "pandas.core.flags": "Flags",
  "pandas":
    "Index RangeIndex MultiIndex CategoricalIndex DatetimeIndex TimedeltaIndex PeriodIndex IntervalIndex Period Interval CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype SparseDtype StringDtype Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype Float32Dtype Float64Dtype BooleanDtype ArrowDtype",
  "pandas.api.extensions": "no_default",
};

/** All names of pandas but the tables and scalars. */
export function addPandasNames(globals: PickleGlobals): void {
  for (const [module, names] of Object.entries(NAMES)) {
    for (const name of names.split(" ")) globals.add(module, name);
  }
  addPandasArrays(globals);
  addArrow(globals);
}
