"""Checks sets of vectors (dask-vectors/1), which anybody wrote, with the real Dask.

    python check_dask.py FILE...

The last line is JSON: how many were read as they say, how many need a package that is not here, by its name, and all that failed.
"""
import base64, json, logging, os, sys, warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import msgpack
from distributed.protocol import deserialize, loads
from distributed.protocol.compression import compressions, decompress
from distributed.protocol.serialize import deserialize_bytes, merge_and_deserialize, msgpack_decode_default

import vec_types
from vecdesc import describe, match, promised

vec_types.register()


def get(d):
    b = base64.b64decode(d["b64"])
    assert len(b) == d["n"], "length of frame differs"
    return b


def read(v):
    kind, deserializers = v["kind"], v.get("deserializers")
    if kind == "serialize":
        header = msgpack.unpackb(base64.b64decode(v["header_b64"]), object_hook=msgpack_decode_default, use_list=False, raw=False, strict_map_key=False)
        frames = [get(f) for f in v["frames"]]
        if header.get("compression") and len(header["compression"]) == len(frames):
            frames = decompress(header, frames)
        return (merge_and_deserialize if "split-num-sub-frames" in header else deserialize)(header, frames, deserializers=deserializers)
    if kind == "dumps":
        return loads([get(f) for f in v["frames"]], deserialize=v.get("deserialize", True), deserializers=deserializers)
    assert kind == "bytes", kind
    return deserialize_bytes(get(v["blob"]))


def missing(error):
    """The package that is not here, if that is all that is wrong."""
    if isinstance(error, ModuleNotFoundError):
        return error.name
    if isinstance(error, KeyError) and error.args[0] in {"lz4", "snappy", "zstd"} - set(compressions):
        return error.args[0]


ok, skipped, failures = 0, {}, []
for path in sys.argv[1:]:
    for v in json.load(open(path))["vectors"]:
        where = "%s %s" % (os.path.basename(path), v["id"])
        try:
            differences = match(promised(v["expect"]), describe(read(v)))
        except Exception as error:
            name = missing(error)
            if name:
                skipped[name] = skipped.get(name, 0) + 1
                continue
            differences = ["%s: %s" % (type(error).__name__, str(error)[:200])]
        if differences:
            failures.append("%s: %s" % (where, "; ".join(differences[:2])[:300]))
        else:
            ok += 1
print(json.dumps({"ok": ok, "skipped": skipped, "failures": failures}))
