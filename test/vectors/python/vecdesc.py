"""Language-neutral JSON description of Python values. Every description is an object with a "t" tag."""
import array, base64, datetime, decimal, enum, fractions, hashlib, json, struct, sys, uuid

SMALL = 4096


def b64(b):
    return base64.b64encode(bytes(b)).decode()


def blob(b):
    b = bytes(b)
    d = {"n": len(b), "sha256": hashlib.sha256(b).hexdigest()}
    if len(b) <= SMALL:
        d["b64"] = b64(b)
    return d


def fbits(x):
    return struct.pack(">d", x).hex()


def qual(c):
    return f"{c.__module__}.{c.__qualname__}"


def np_dtype(dt):
    if dt.fields:
        return {"names": list(dt.names), "itemsize": dt.itemsize,
                "fields": [{"name": n, "dtype": np_dtype(dt.fields[n][0]), "offset": dt.fields[n][1]} for n in dt.names]}
    if dt.subdtype:
        return {"base": np_dtype(dt.subdtype[0]), "shape": list(dt.subdtype[1])}
    return dt.str


def dtype_of(d):
    """The dtype that np_dtype described."""
    import numpy as np

    if isinstance(d, str):
        return np.dtype(d)
    if "base" in d:
        return np.dtype((dtype_of(d["base"]), tuple(d["shape"])))
    return np.dtype({"names": d["names"], "formats": [dtype_of(f["dtype"]) for f in d["fields"]],
                     "offsets": [f["offset"] for f in d["fields"]], "itemsize": d["itemsize"]})


def cleared(v):
    """The bytes of an array of records, with zeros between their fields: numpy leaves there what was in memory."""
    import numpy as np

    out = np.zeros(v.shape, v.dtype)
    for name in v.dtype.names:
        out[name] = v[name]
    return out.reshape(-1).view("u1")


def promised(d):
    """An expectation, without what is between the fields of records."""
    import numpy as np

    if isinstance(d, list):
        return [promised(x) for x in d]
    if not isinstance(d, dict):
        return d
    if d.get("t") == "ndarray" and isinstance(d.get("dtype"), dict) and "fields" in d["dtype"] and "b64" in d:
        v = np.frombuffer(base64.b64decode(d["b64"]), dtype_of(d["dtype"]))
        return {**d, **blob(cleared(v).tobytes())}
    return {k: promised(x) for k, x in d.items()}


def describe(v, depth=0):
    D = lambda x: describe(x, depth + 1)
    np = sys.modules.get("numpy")
    pd = sys.modules.get("pandas")
    if depth > 60:
        return {"t": "toodeep"}
    if v is None:
        return {"t": "none"}
    if v is Ellipsis:
        return {"t": "ellipsis"}
    if v is NotImplemented:
        return {"t": "notimplemented"}
    if isinstance(v, enum.Enum):
        return {"t": "enum", "cls": qual(type(v)), "name": v.name}
    if np is not None:
        if v is np.ma.masked:
            return {"t": "masked"}
        if isinstance(v, np.ma.MaskedArray):
            return {"t": "masked_array", "data": D(np.asarray(v.data)),
                    "mask": {"t": "none"} if v.mask is np.ma.nomask else D(np.asarray(v.mask)),
                    "fill_value": D(np.asarray(v.fill_value)[()] if v.dtype.kind != "O" else v.fill_value)}
        if isinstance(v, np.ndarray):
            d = {"t": "matrix" if isinstance(v, np.matrix) else "ndarray",
                 "dtype": np_dtype(v.dtype), "shape": list(v.shape), "writeable": bool(v.flags.writeable),
                 "strides": list(v.strides), "c": bool(v.flags.c_contiguous), "f": bool(v.flags.f_contiguous)}
            if v.dtype.hasobject:
                d["items"] = [D(x) for x in v.ravel().tolist()] if v.dtype.kind == "O" else [D(x) for x in v.ravel().tolist()]
            else:
                d.update(blob(cleared(v).tobytes() if v.dtype.names else np.ascontiguousarray(v).tobytes()))
            return d
        if isinstance(v, np.generic):
            return {"t": "npscalar", "dtype": np_dtype(v.dtype), **blob(v.tobytes())}
        if isinstance(v, np.dtype):
            return {"t": "dtype", "dtype": np_dtype(v)}
    if pd is not None:
        if v is pd.NaT:
            return {"t": "NaT"}
        if isinstance(v, pd.DataFrame):
            return {"t": "dataframe", "columns": D(v.columns), "index": D(v.index),
                    "cols": [D(v.iloc[:, i]) for i in range(v.shape[1])]}
        if isinstance(v, pd.Series):
            return {"t": "series", "name": D(v.name), "dtype": str(v.dtype), "index": D(v.index),
                    "values": [D(x) for x in v.tolist()]}
        if isinstance(v, pd.RangeIndex):
            return {"t": "rangeindex", "start": v.start, "stop": v.stop, "step": v.step, "name": D(v.name)}
        if isinstance(v, pd.MultiIndex):
            return {"t": "multiindex", "names": [D(n) for n in v.names], "values": [D(x) for x in v.tolist()]}
        if isinstance(v, pd.Index):
            return {"t": "index", "dtype": str(v.dtype), "name": D(v.name), "values": [D(x) for x in v.tolist()]}
        if isinstance(v, pd.Timestamp):
            return {"t": "timestamp", "iso": v.isoformat(), "ns": str(v.value)}
        if isinstance(v, pd.Timedelta):
            return {"t": "pdtimedelta", "ns": str(v.value)}
    sp = sys.modules.get("scipy.sparse")
    if sp is not None and sp.issparse(v):
        c = v.tocoo()
        trip = sorted(zip(c.row.tolist(), c.col.tolist(), c.data.tolist()))
        return {"t": "sparse", "format": v.format, "shape": list(v.shape), "dtype": v.dtype.str,
                "coo": [[r, k, fbits(x)] for r, k, x in trip]}
    if type(v) is bool:
        return {"t": "bool", "v": v}
    if isinstance(v, int):
        return {"t": "int", "v": str(int(v))}
    if isinstance(v, float):
        return {"t": "float", "bits": fbits(v), "v": repr(v)}
    if isinstance(v, complex):
        return {"t": "complex", "re": fbits(v.real), "im": fbits(v.imag)}
    if isinstance(v, str):
        return {"t": "str", "v": v}
    if isinstance(v, bytearray):
        return {"t": "bytearray", **blob(v)}
    if isinstance(v, bytes):
        return {"t": "bytes", **blob(v)}
    if isinstance(v, memoryview):
        return {"t": "memoryview", "format": v.format, "shape": list(v.shape), **blob(v.tobytes())}
    if isinstance(v, array.array):
        return {"t": "array", "typecode": v.typecode, "itemsize": v.itemsize, **blob(v.tobytes())}
    if isinstance(v, (set, frozenset)):
        items = sorted((D(x) for x in v), key=lambda d: json.dumps(d, sort_keys=True))
        return {"t": type(v).__name__, "items": items}
    if isinstance(v, tuple) and hasattr(v, "_fields"):
        return {"t": "namedtuple", "cls": qual(type(v)), "fields": list(v._fields), "items": [D(x) for x in v]}
    if type(v) in (list, tuple):
        return {"t": type(v).__name__, "items": [D(x) for x in v]}
    if isinstance(v, dict):
        d = {"t": "dict", "items": [[D(k), D(x)] for k, x in v.items()]}
        if type(v) is not dict:
            d["cls"] = qual(type(v))
        return d
    if isinstance(v, datetime.datetime):
        return {"t": "datetime", "iso": v.isoformat()}
    if isinstance(v, datetime.date):
        return {"t": "date", "iso": v.isoformat()}
    if isinstance(v, datetime.time):
        return {"t": "time", "iso": v.isoformat()}
    if isinstance(v, datetime.timedelta):
        return {"t": "timedelta", "days": v.days, "seconds": v.seconds, "us": v.microseconds}
    if isinstance(v, decimal.Decimal):
        return {"t": "decimal", "v": str(v)}
    if isinstance(v, fractions.Fraction):
        return {"t": "fraction", "v": str(v)}
    if isinstance(v, uuid.UUID):
        return {"t": "uuid", "v": str(v)}
    if isinstance(v, range):
        return {"t": "range", "start": v.start, "stop": v.stop, "step": v.step}
    if isinstance(v, slice):
        return {"t": "slice", "items": [D(v.start), D(v.stop), D(v.step)]}
    if isinstance(v, BaseException):
        return {"t": "exception", "cls": qual(type(v)), "args": [D(a) for a in v.args]}
    if isinstance(v, type) or (callable(v) and hasattr(v, "__qualname__")):
        return {"t": "global", "name": qual(v)}
    if type(v).__name__ == "Serialized" and hasattr(v, "header"):
        return {"t": "serialized", "header": D(v.header), "frames": [blob(f) for f in v.frames]}
    if type(v).__name__ == "BufferHolder":
        return {"t": "object", "cls": qual(type(v)), "attrs": {"mv": D(v.mv)}}
    if hasattr(v, "__dict__"):
        return {"t": "object", "cls": qual(type(v)), "attrs": {k: D(x) for k, x in v.__dict__.items()}}
    return {"t": "opaque", "repr": repr(v)[:200]}


def match(exp, got, path="$"):
    """Every key of `exp` must be in `got` with an equal value.  Returns list of differences."""
    if isinstance(exp, dict):
        if not isinstance(got, dict):
            return [f"{path}: expected object, got {got!r}"]
        out = []
        for k, v in exp.items():
            if k not in got:
                out.append(f"{path}.{k}: missing (expected {str(v)[:80]})")
            else:
                out += match(v, got[k], f"{path}.{k}")
        return out
    if isinstance(exp, list):
        if not isinstance(got, list) or len(exp) != len(got):
            return [f"{path}: expected {len(exp)} items, got {len(got) if isinstance(got, list) else got!r}"]
        out = []
        for i, (a, b) in enumerate(zip(exp, got)):
            out += match(a, b, f"{path}[{i}]")
        return out
    return [] if exp == got and type(exp) == type(got) else [f"{path}: expected {exp!r}, got {got!r}"]
