"""Python's side of the differential tests: messages of JSON, each after its length in four bytes, both ways.

It never looks up a name that is not in SAFE, and its memory is limited, because it is given damaged pickles.
"""
import _compat_pickle, array, base64, collections, datetime as dt, decimal, fractions, json, pickle, random, resource, struct, sys, uuid

resource.setrlimit(resource.RLIMIT_AS, (384 << 20, 384 << 20))
sys.setrecursionlimit(5000)
# CPython complains of damaged pickles whose bytearrays it frees too early; that is nobody's business here.
sys.excepthook = lambda kind, *rest: None if kind is SystemError else sys.__excepthook__(kind, *rest)
b64 = lambda b: base64.b64encode(b).decode()

SAFE = {("builtins", n) for n in "set frozenset bytes bytearray complex range slice list dict int float str tuple".split()}
SAFE |= {("_codecs", "encode"), ("collections", "OrderedDict"), ("collections", "deque"), ("collections", "Counter"),
         ("decimal", "Decimal"), ("fractions", "Fraction"), ("uuid", "UUID"), ("copyreg", "_reconstructor"), ("copyreg", "__newobj__"), ("builtins", "object"),
         ("array", "array"), ("array", "_array_reconstructor")}
SAFE |= {("datetime", n) for n in "date time datetime timedelta timezone".split()}


# One object, because a set of several NaN cannot be told from one with one in JavaScript.
NAN = float("nan")


class Refused(pickle.UnpicklingError):
    pass


def watch(event, args):
    """Refuses names before the unpickler, which is that of `loads`, translates those of Python 2 and looks them up."""
    if event == "pickle.find_class":
        module, name = args
        new = _compat_pickle.NAME_MAPPING.get((module, name)) or (_compat_pickle.IMPORT_MAPPING.get(module, module), name)
        if (module, name) not in SAFE and new not in SAFE:
            raise Refused("%s.%s" % (module, name))


sys.addaudithook(watch)


def describe(value):
    """A neutral description: lists that begin with a letter; containers are numbered as they are met."""
    ids, keep = {}, []

    def go(v):
        t = type(v)
        if v is None: return ["N"]
        if t is bool: return ["B", v]
        if t is int: return ["i", hex(v)]
        if t is float: return ["f", struct.pack(">d", v).hex() if v == v else "nan"]
        if t is str: return ["s", v]
        if t is bytes: return ["b", v.hex()]
        if t is tuple and not v: return ["t", -1, []]
        if t in SIMPLE: return [SIMPLE[t], text(v)]
        if id(v) in ids: return ["r", ids[id(v)]]
        n = ids[id(v)] = len(ids)
        keep.append(v)
        if t is bytearray: return ["a", n, v.hex()]
        if t is dict: return ["d", n, [[go(k), go(x)] for k, x in v.items()]]
        if t is list: return ["l", n, [go(x) for x in v]]
        if t is tuple: return ["t", n, [go(x) for x in v]]
        if t is set: return ["S", n, [go(x) for x in v]]
        if t is frozenset: return ["F", n, [go(x) for x in v]]
        if t is collections.OrderedDict: return ["O", n, [[go(k), go(x)] for k, x in v.items()]]
        if t is collections.deque: return ["q", n, [go(x) for x in v], v.maxlen]
        if t is array.array: return ["A", v.typecode, v.tobytes().hex()]
        if isinstance(v, BaseException): return ["E", t.__name__, [go(x) for x in v.args]]
        return ["?", t.__module__ + "." + t.__name__]

    return go(value)


def text(v):
    if type(v) in (dt.datetime, dt.time):
        zone = v.tzinfo.utcoffset(None) if isinstance(v.tzinfo, dt.timezone) else None
        return "%s %d %s" % (v.replace(tzinfo=None, fold=0).isoformat(), v.fold, None if zone is None else zone // dt.timedelta(microseconds=1))
    if type(v) is dt.timedelta: return str(v // dt.timedelta(microseconds=1))
    if type(v) is dt.timezone: return str(v.utcoffset(None) // dt.timedelta(microseconds=1))
    if type(v) is complex: return struct.pack(">dd", v.real, v.imag).hex()
    return str(v)


SIMPLE = {dt.date: "D", dt.time: "T", dt.datetime: "M", dt.timedelta: "L", dt.timezone: "Z", decimal.Decimal: "C", fractions.Fraction: "Q",
          uuid.UUID: "U", complex: "X", range: "R"}


class Generator:
    """Values with shared parts. Equal texts are one object, unless `own`: then those of one value may be several."""

    def __init__(self, seed, rich):
        self.r = random.Random(seed)
        self.rich = rich
        self.shared = []

    def text(self):
        r = self.r
        kind = r.randrange(8)
        if kind < 4: s = r.choice(["", "a", "é", "id", "name", "datetime", "latin1", "builtins", "__proto__", "constructor", "日本", "x" * r.randrange(300)])
        elif kind == 4: s = "".join(chr(r.choice([r.randrange(128), r.randrange(0x800), r.randrange(0x10000), r.randrange(0x110000)])) for _ in range(r.randrange(12)))
        elif kind == 5: s = "".join(r.choice("\\\n\r\0\x1a\x7f\x80\xffu0041'\"") for _ in range(r.randrange(9)))
        elif kind == 6: s = "é" * r.randrange(120, 140)
        else: s = r.choice("abc") * r.choice([255, 256, 257, 1000]) if r.random() < .99 else "z" * r.choice([65535, 65536, 70000])
        # Two halves of a character next to each other are one in JavaScript.
        s = s.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        # Of one character below 256 Python has one object, but for literals.
        return chr(ord(s)) if len(s) == 1 else sys.intern(s)

    def number(self):
        r = self.r
        k = r.randrange(6)
        if k == 0: return r.choice([0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**53, -2**53, 2**63, -2**63, 127, -128, 128])
        if k == 1: return r.randrange(-300, 70000)
        if k == 2: return r.getrandbits(r.randrange(1, 200)) * r.choice([1, -1])
        if k == 3: return (1 << (8 * r.randrange(1, 300))) * r.choice([1, -1]) + r.randrange(-2, 3)
        if k == 4: return r.choice([0.0, -0.0, 1.0, 0.1, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 1e-7, 5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), NAN, 1e22, 1e21])
        x = struct.unpack(">d", struct.pack(">Q", r.getrandbits(64)))[0]
        return x if x == x else NAN

    def other(self):
        r = self.r
        k = r.randrange(9)
        big = lambda: r.randrange(-10**9, 10**9)
        tz = r.choice([None, dt.timezone.utc, dt.timezone(dt.timedelta(minutes=r.randrange(-1439, 1440)))])
        if k == 0: return dt.date.fromordinal(r.randrange(1, 3652059))
        if k == 1: return dt.datetime(r.randrange(1, 10000), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60), r.choice([0, r.randrange(10**6)]), tz)
        if k == 2: return dt.timedelta(r.randrange(-10**6, 10**6), r.randrange(86400), r.randrange(10**6))
        if k == 3: return decimal.Decimal(r.choice(["NaN", "-0", "1E+5", "-Infinity", "%d.%04d" % (big(), r.randrange(10000))]))
        if k == 4: return fractions.Fraction(big(), r.randrange(1, 10**6))
        if k == 5: return uuid.UUID(int=r.getrandbits(128))
        if k == 6: return complex(r.random(), -r.random())
        if k == 7: return range(r.randrange(-9, 9), r.randrange(-9, 99), r.choice([-2, 1, 3]))
        return dt.time(r.randrange(24), r.randrange(60), r.randrange(60), r.randrange(10**6), tz)

    def scalar(self):
        r = self.r
        k = r.randrange(10)
        if k == 0: return r.choice([None, True, False])
        if k < 4: return self.number()
        if k < 7: return self.text()
        if self.rich and k == 7: return self.other()
        n = r.choice([0, 1, 2, 5, 255, 256, 300])
        # Cut from more, because then of one byte there is one object.
        return r.getrandbits(8 * n + 8).to_bytes(n + 1, "little")[:n]

    def key(self, depth):
        r = self.r
        k = r.randrange(8)
        if k < 6 or depth <= 0: return self.scalar()
        items = [self.key(depth - 1) for _ in range(r.randrange(4))]
        v = tuple(items) if k == 6 else frozenset(items)
        return v

    def value(self, depth=4):
        r = self.r
        if self.shared and r.random() < .12: return r.choice(self.shared)
        if depth <= 0 or r.random() < .3: return self.scalar()
        k = r.randrange(12)
        n = r.choice([0, 1, 2, 3, 4, 6])
        if r.random() < .003: n = r.choice([999, 1000, 1001, 2000, 2001])
        if n > 100: depth = 1
        if k < 4:
            v = []
            self.shared.append(v)
            v.extend(self.value(depth - 1) for _ in range(n))
        elif k < 8:
            v = {}
            self.shared.append(v)
            words = r.random() < .7
            for i in range(n): v[sys.intern("k%d" % i) if words else self.key(2)] = self.value(depth - 1)
        elif k == 8: v = tuple(self.value(depth - 1) for _ in range(n))
        elif k == 9: v = {self.key(1) for _ in range(n)}
        elif k == 10: v = frozenset(self.key(1) for _ in range(n))
        elif self.rich and r.random() < .5:
            v = collections.OrderedDict((self.text(), self.value(depth - 1)) for _ in range(n)) if r.random() < .5 else collections.deque((self.value(depth - 1) for _ in range(n)), r.choice([None, 9]))
        else: v = bytearray(r.getrandbits(8) for _ in range(n))
        if k >= 8: self.shared.append(v)
        return v


def generate(seed, count, rich=False):
    """Each value in two of the protocols, in turn."""
    out = []
    for i in range(count):
        v = Generator(seed * 1000003 + i, rich).value()
        out.append({"desc": describe(v), "pickles": {p: b64(pickle.dumps(v, p)) for p in (i % 3, 3 + i % 3)}})
    return out


def load(pickles):
    out = []
    for p in pickles:
        try: out.append(describe(pickle.loads(base64.b64decode(p))))
        except Exception as x: out.append(["error", type(x).__name__, str(x)[:100]])
    return out


def accepts(pickles):
    """Of each pickle, what became of it."""
    out = []
    for p in pickles:
        try:
            pickle.loads(base64.b64decode(p))
            out.append("")
        except Refused: out.append("Refused")
        except BaseException as x: out.append("%s: %s" % (type(x).__name__, str(x)[:100]))
    return out


COMMANDS = {"generate": generate, "load": load, "accepts": accepts, "version": lambda: sys.version.split()[0]}


def main():
    while True:
        head = sys.stdin.buffer.read(4)
        if len(head) < 4: return
        message = json.loads(sys.stdin.buffer.read(struct.unpack("<I", head)[0]))
        answer = json.dumps(COMMANDS[message[0]](*message[1:])).encode()
        sys.stdout.buffer.write(struct.pack("<I", len(answer)) + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
