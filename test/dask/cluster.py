"""Clusters of the real Dask on loopback, and Python's side of the tests.

`cluster.py FOLDER main=tcp:2 web=ws:1` starts a scheduler and so many workers for each name, each in a process of its own (forked,
so that Dask is imported once), and prints one line of JSON with their addresses. The folder has the certificate for tls. Then each line of stdin is a command in JSON, and
each line of stdout its answer. The end of stdin ends them all.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
import time
import traceback

import dask

dask.config.set(
    {
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,
        "distributed.worker.memory.terminate": False,
        # Every two seconds it would have workers forget what more than one of them holds.
        "distributed.scheduler.active-memory-manager.start": False,
        "distributed.admin.log-format": "%(message)s",
        "logging": {"distributed": "critical"},
        "distributed.comm.timeouts.connect": "10s",
    }
)

import distributed  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from distributed import Client, Future, Scheduler, Worker  # noqa: E402
from distributed.security import Security  # noqa: E402

DTYPES = ["?", "i1", "u1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", "<i8", ">i8", "<u8",
          "<f2", "<f4", ">f4", "<f8", ">f8", "<c8", "<c16"]
children = []


def sample(dtype):
    """0, 1, … 23 as 2 x 3 x 4, and for what is complex a part that is not real."""
    values = np.arange(24).reshape(2, 3, 4)
    if np.dtype(dtype).kind == "c":
        values = values + values * 0.5j
    return values.astype(dtype)


def total(array):
    value = complex(np.asarray(array, dtype="c16").sum())
    return [value.real, value.imag]


def security(folder):
    names = {
        f"tls_{role}_{what}": os.path.join(folder, f"{what}.pem")
        for role in ("scheduler", "worker", "client")
        for what in ("key", "cert")
    }
    return Security(tls_ca_file=os.path.join(folder, "cert.pem"), require_encryption=True, **names)


def fork(main):
    """A process that runs a coroutine for ever; what it writes first is the answer. It ends with this one."""
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        children.append(pid)
        return pid, read
    os.close(read)
    die_with_parent()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        asyncio.run(main(lambda text: (os.write(write, text.encode()), os.close(write))))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def die_with_parent():
    """Also when it is killed, and has no time to end them."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (AttributeError, OSError):
        pass


def answer(read):
    with os.fdopen(read) as file:
        return file.read()


def start(protocol, count, folder):
    options = {"protocol": protocol, "host": "127.0.0.1"}
    if protocol == "tls":
        options["security"] = security(folder)

    async def scheduler(tell):
        async with Scheduler(port=0, dashboard_address=":0", **options) as self:
            tell(self.address)
            await asyncio.Event().wait()

    pid, read = fork(scheduler)
    address = answer(read)

    async def worker(tell):
        async with Worker(address, nthreads=2, dashboard=False, **options) as self:
            tell(self.address)
            await asyncio.Event().wait()

    started = [fork(worker) for _ in range(count)]
    workers = {answer(read): pid for pid, read in started}
    return {"address": address, "pid": pid, "workers": workers}


def future(key, client):
    """Of a key that another client has put there; newer versions have to be told to ask for it."""
    made = Future(key, client)
    client._send_to_scheduler({"op": "client-desires-keys", "keys": [key], "client": client.id})
    return made


def clients_of(dask_scheduler):
    return list(dask_scheduler.clients)


def later(seconds):
    time.sleep(seconds)
    return "later"


def fill(i, items):
    return np.full(items, i, dtype="f8")


def fail(text):
    raise ValueError(text, 7)


async def run(client, command):
    """What Python does with what the other side has sent, or is to get."""
    op, key = command["op"], command.get("key")
    if op == "versions":
        return [distributed.__version__, np.__version__, pd.__version__]
    if op == "clients":
        return await client.run_on_scheduler(clients_of)
    if op == "sum":
        return await client.submit(total, future(key, client), pure=False)
    if op == "describe":
        value = await future(key, client)
        if isinstance(value, np.ndarray):
            return [str(value.dtype.str), list(value.shape), total(value)]
        return [type(value).__name__, repr(value)]
    if op == "put":
        await publish(client, key, await client.scatter({key: VALUES[key]()}))
    elif op == "double":
        await publish(client, command["name"], client.submit(lambda x: x * 2, future(key, client), key=command["name"]))
    elif op == "fail":
        await publish(client, key, client.submit(fail, "salt", key=key))
    elif op == "later":
        await publish(client, key, client.submit(later, command["seconds"], key=key))
    elif op == "large":
        made = client.submit(np.arange, command["items"], dtype="f8", key=key, workers=command.get("workers"))
        await publish(client, key, made)
        await made
    elif op == "many":
        keys = [f"{key}-{i}" for i in range(command["count"])]
        futures = client.map(fill, range(command["count"]), items=command["items"], key=keys, workers=command.get("workers"))
        await publish(client, key, futures)
        await asyncio.gather(*futures)
    elif op == "time":
        # As this client does it: from the worker itself, and back to one.
        start = time.perf_counter()
        value = await client.gather(future(key, client), direct=True)
        got = time.perf_counter()
        back = await client.scatter(value, direct=True, hash=False)
        put = time.perf_counter()
        if command.get("short"):
            return [got - start, put - got, back.key]
        through = await client.scatter(value, hash=False)
        return [got - start, put - got, time.perf_counter() - put, back.key, through.key]
    elif op == "dataset":
        value = await client.get_dataset(key)
        return repr(await value if isinstance(value, Future) else value)
    return None


async def publish(client, key, value):
    """So that it stays when nobody here holds it any more."""
    await client.publish_dataset(value, name=key, override=True)


VALUES = {
    **{f"array {dtype}": (lambda dtype=dtype: sample(dtype)) for dtype in DTYPES},
    "frame": lambda: pd.DataFrame({"id": [1, 2, 3], "name": ["a", "ü", "🧂"], "x": [0.5, np.nan, -1.0]}),
    "list": lambda: [1, "two", 3.5, None, True, [b"bytes", {"a": (1, 2)}]],
    "fortran": lambda: np.asfortranarray(np.arange(6, dtype="i4").reshape(2, 3)),
    "exception": lambda: KeyError("x", 1),
}


async def connected(address, options):
    return await Client(address, asynchronous=True, set_as_default=False, **options)


async def main(clusters, folder):
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    clients = {}

    async def obey(line):
        command = json.loads(line)
        try:
            name = command.get("cluster", "main")
            if name not in clients:
                address = clusters[name]["address"]
                options = {"security": security(folder)} if address.startswith("tls") else {}
                clients[name] = asyncio.ensure_future(connected(address, options))
            reply = {"value": await asyncio.wait_for(run(await clients[name], command), 60)}
        except Exception as error:
            reply = {"error": f"{error!r}\n{traceback.format_exc()}"}
        print(json.dumps({"id": command["id"], **reply}), flush=True)

    tasks = set()
    while line := await reader.readline():
        tasks.add(asyncio.ensure_future(obey(line)))
    end()


def end():
    """At once: whoever is still connected may find that out for itself."""
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os._exit(0)


if __name__ == "__main__":
    folder, *wanted = sys.argv[1:]
    try:
        clusters = {}
        for part in wanted:
            name, protocol, count = part.replace("=", ":").split(":")
            clusters[name] = start(protocol, int(count), folder)
        print(json.dumps(clusters), flush=True)
        asyncio.run(main(clusters, folder))
    finally:
        end()
