"""What the tests ask of the real Prefect.

    make SEED COUNT        values, as blobs of every serializer
    check SEED COUNT FILE  whether blobs that were written elsewhere hold the same values
    flow FOLDER            runs a flow that persists its results
    records FILE           loads records that were written elsewhere
"""
import datetime as dt
import decimal
import ipaddress
import json
import math
import os
import pathlib
import random
import re
import sys
import uuid

LIBRARIES = ["lzma", "zlib", "gzip", "bz2", "zstandard", "lz4.frame", "lz4.block", "snappy", "brotli"]
CONFIGS = {"json": {"type": "json"}, "pickle": {"type": "pickle"}, "pickle 4": {"type": "pickle", "picklelib": "pickle"}}
for library in LIBRARIES:
    for kind in ("json", "pickle"):
        CONFIGS["%s %s" % (kind, library)] = {"type": "compressed/" + kind, "compressionlib": library}
TEXTS = ["", "a", "é", "日本", "😀", "\x7f\x00\x1f\n\t\"\\/", "\u2028", "x" * 300, "__proto__", "constructor", "12", "0"]


def text(r):
    return r.choice(TEXTS) + "".join(chr(r.choice([r.randrange(32, 127), r.randrange(0xA0, 0x3000)])) for _ in range(r.randrange(6)))


def scalar(r):
    return r.choice([
        lambda: None,
        lambda: r.random() < 0.5,
        lambda: r.randrange(-10, 1000),
        lambda: r.choice([-1, 1]) * r.randrange(2 ** r.randrange(1, 200)),
        lambda: r.choice([0.0, -0.0, 1.0, 1e16, 1e15, 1e22, 1e-5, 1e-4, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, 0.1]),
        lambda: r.uniform(-1, 1) * 10 ** r.randrange(-20, 20),
        lambda: text(r),
    ])()


def zone(r):
    return r.choice([None, dt.timezone.utc, dt.timezone(dt.timedelta(minutes=r.randrange(-700, 800)))])


def rich(r):
    us = r.choice([0, 0, 500000, 4, 999999])
    return r.choice([
        lambda: dt.datetime(r.randrange(1, 9999), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60), us, zone(r)),
        lambda: dt.date(r.randrange(1, 9999), r.randrange(1, 13), r.randrange(1, 29)),
        lambda: dt.time(r.randrange(24), r.randrange(60), r.randrange(60), us),
        lambda: dt.timedelta(r.randrange(-2000, 2000), r.randrange(86400), us),
        lambda: uuid.UUID(int=r.getrandbits(128)),
        lambda: decimal.Decimal(r.choice(["1.10", "1E+5", "-0", "0.000001", "123456789012345678901234567890.5"])),
        lambda: text(r).encode(),
        lambda: {x for x in (scalar(r) for _ in range(r.randrange(4)))},
        lambda: frozenset([text(r), r.randrange(9)]),
        lambda: complex(r.choice([0, 1, 1.5, -2]), r.choice([0, 2, -0.5])),
        lambda: pathlib.PosixPath("/tmp/" + r.choice("abc")),
        lambda: ipaddress.ip_address(r.getrandbits(32)),
        lambda: ipaddress.IPv6Address(r.getrandbits(128)),
        lambda: ipaddress.ip_network("10.0.%d.0/24" % r.randrange(256)),
        lambda: re.compile("a+" + r.choice("bcd")),
        lambda: r.choice([ValueError, TypeError, RuntimeError, ZeroDivisionError])(text(r)),
    ])()


def value(r, depth, pickled):
    kind = r.randrange(10)
    if depth == 0 or kind < 3:
        return scalar(r)
    if kind < 5:
        return rich(r)
    if kind < 7:
        return [value(r, depth - 1, pickled) for _ in range(r.randrange(6))]
    if kind == 7 and pickled:
        return tuple(value(r, depth - 1, pickled) for _ in range(r.randrange(4)))
    keys = (lambda: r.choice([text(r), r.randrange(99), 1.5, None, True])) if pickled else (lambda: text(r))
    return {keys(): value(r, depth - 1, pickled) for _ in range(r.randrange(6))}


def values(seed, count):
    r = random.Random(seed)
    return [(value(r, 4, False), value(r, 4, True)) for _ in range(count)]


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return repr(a) == repr(b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(k in b and same(v, b[k]) for k, v in a.items())
    if isinstance(a, BaseException):
        return same(a.args, b.args)
    if isinstance(a, dt.datetime):
        return a.isoformat() == b.isoformat()
    return a == b


def serializers():
    from prefect.serializers import Serializer

    found = {}
    for name, config in CONFIGS.items():
        try:
            found[name] = Serializer(**config)
        except Exception as error:
            print("skipped: %s of Prefect: %s" % (name, str(error).splitlines()[-1].strip()), file=sys.stderr)
    return found


def pick(name, pair):
    return pair[1] if name.startswith("pickle") else pair[0]


def make(seed, count):
    out = {}
    for name, serializer in serializers().items():
        blobs = [serializer.dumps(pick(name, pair)).decode() for pair in values(int(seed), int(count))]
        out[name] = {"config": json.loads(serializer.model_dump_json(serialize_as_any=True)), "blobs": blobs}
    print(json.dumps(out))


def check(seed, count, file):
    with open(file) as stream:
        given = json.load(stream)
    failed, passed = [], 0
    all_values = values(int(seed), int(count))
    for name, serializer in serializers().items():
        for i, (pair, blob) in enumerate(zip(all_values, given[name])):
            want = serializer.loads(serializer.dumps(pick(name, pair)))
            try:
                got = serializer.loads(blob.encode())
                if same(got, want):
                    passed += 1
                else:
                    failed.append("%s %d: %.200r is not %.200r" % (name, i, got, want))
            except Exception as error:
                failed.append("%s %d: %s: %.200s in %.200r" % (name, i, type(error).__name__, error, want))
    print(json.dumps({"passed": passed, "failed": failed[:20]}))


RESULT = {"a": 1, "t": [1, 2], "f": 1.5, "s": "é", "big": 2**70}


def run_flow(folder):
    os.environ.update(
        PREFECT_HOME=folder, PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="true", PREFECT_LOGGING_LEVEL="CRITICAL", DO_NOT_TRACK="1",
        PREFECT_SERVER_ANALYTICS_ENABLED="false", PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="300",
    )
    from prefect import flow, task

    kinds = ["json", "pickle", "compressed/json", "compressed/pickle"]

    def make_task(kind):
        @task(name=kind, persist_result=True, result_serializer=kind, result_storage_key="task-" + kind.replace("/", "-"))
        def work():
            return RESULT

        return work

    tasks = [make_task(kind) for kind in kinds]

    @flow(persist_result=True, result_serializer="json")
    def everything():
        for work in tasks:
            work()
        return RESULT

    everything()
    storage = pathlib.Path(folder) / "storage"
    print(json.dumps(sorted(path.name for path in storage.iterdir())))


def records(file):
    from prefect.results import ResultRecord

    with open(file) as stream:
        given = json.load(stream)
    out = []
    for record in given:
        loaded = ResultRecord.deserialize(record.encode())
        out.append(bool(same(loaded.result, RESULT)) and loaded.serialize().decode() == record)
    print(json.dumps(out))


if __name__ == "__main__":
    {"make": make, "check": check, "flow": run_flow, "records": records}[sys.argv[1]](*sys.argv[2:])
