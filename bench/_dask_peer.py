"""Times Dask's own protocol: each line is `case compression size`, and the answer the milliseconds of one message, there and back."""
import os, sys, time
import distributed, numpy
from distributed.protocol import dumps, loads, to_serialize
from distributed.protocol.utils import pack_frames, unpack_frames

clock = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter


def value_of(case, size):
    if case == "array":
        return numpy.arange(size, dtype="<i8") // 8 % 1000 * 1.0
    if case == "arrays":
        return [numpy.arange(1000, dtype="<f8") + i for i in range(size)]
    return [{"id": i, "name": f"item {i}", "value": i + 0.5, "tags": ["a", "b"], "ok": True} for i in range(size)]


def once(value, context):
    message = {"op": "put", "data": to_serialize(value)}
    return loads(unpack_frames(pack_frames(dumps(message, context=context))))


print("ready", distributed.__version__, flush=True)
values = {}
for line in sys.stdin:
    case, compression, size = line.split()
    if (case, size) not in values:
        values.clear()
        values[case, size] = value_of(case, int(size))
    value = values[case, size]
    context = {"compression": None if compression == "none" else compression}
    begun = clock()
    result = once(value, context)
    answer = (clock() - begun) * 1000
    del result
    print(answer, flush=True)
