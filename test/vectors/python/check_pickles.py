"""Checks pickles that another implementation wrote against those that CPython wrote of the same values: both are read, here, and
described, and the descriptions are compared. What each version of numpy and pandas makes of the same pickle may differ; what one
makes of both may not.

    python check_pickles.py GOLDEN WRITTEN [GOLDEN WRITTEN]...

The last line is JSON: how many are the same, how many of CPython's cannot be read here, and all that differ. It unpickles: give it
no files of others.
"""
import base64, json, os, pickle, pickletools, sys, warnings

warnings.simplefilter("ignore")
import vecmod  # noqa: F401 (has the classes that are named)
from veclib import compare, describe, pd

b = base64.b64decode
ok, skipped, failures = 0, 0, []


def out_of_band(oob):
    writable = oob.get("writable") or [False] * len(oob["buffers"])
    return b(oob["pickle"]), [(bytearray if w else bytes)(b(x)) for x, w in zip(oob["buffers"], writable)]


def check(where, want, got, protocol):
    global ok, skipped
    try:
        want = describe(pickle.loads(want[0], buffers=want[1]))
    except Exception:
        skipped += 1
        return
    try:
        used = max(op.proto for op, _, _ in pickletools.genops(got[0]))
        if used > protocol:
            return failures.append("%s: uses an opcode of protocol %d" % (where, used))
        got = describe(pickle.loads(got[0], buffers=got[1]))
    except Exception as error:
        return failures.append("%s: %s: %s" % (where, type(error).__name__, str(error)[:200]))
    verdict = compare(got, want)
    if verdict == "same":
        ok += 1
    else:
        failures.append("%s: %s\n  got  %s\n  want %s" % (where, verdict, json.dumps(got)[:300], json.dumps(want)[:300]))


def major(version):
    return int(version.split(".")[0])


for golden, written in zip(sys.argv[1::2], sys.argv[2::2]):
    vectors = json.load(open(golden))
    known = {e["id"]: e for e in vectors["values"]}
    # What a later pandas wrote an earlier one reads, but as something else.
    later = pd is not None and major(vectors["made_with"]["pandas"]) > major(pd.__version__)
    for e in json.load(open(written))["values"]:
        where = "%s %s" % (os.path.basename(golden), e["id"])
        if later and e["id"].startswith("pd/"):
            skipped += len(e["pickles"]) + ("oob" in e)
            continue
        for p, pickled in e["pickles"].items():
            check("%s p%s" % (where, p), (b(known[e["id"]]["pickles"][p]), ()), (b(pickled), ()), int(p))
        if "oob" in e:
            check("%s out of band" % where, out_of_band(known[e["id"]]["oob"]), out_of_band(e["oob"]), 5)
print(json.dumps({"ok": ok, "skipped": skipped, "failures": failures}))
