"""
Times Prefect's serializers: the first line is a document in JSON, each later one `COMMAND CONFIG FILE`. `dumps` and `loads` answer
with milliseconds, `blob` puts a blob into the file, and `check` says whether the blob in it is the document.
"""
import json, os, sys, time

from prefect import __version__
from prefect.serializers import Serializer

clock = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter
value = json.loads(sys.stdin.readline())
blobs = {}
print(__version__, flush=True)
for line in sys.stdin:
    command, config, file = line.strip().split("\t")
    serializer = Serializer(**json.loads(config))
    if command == "check":
        with open(file, "rb") as stream:
            print("same" if serializer.loads(stream.read()) == value else "different", flush=True)
        continue
    if config not in blobs and command != "dumps":
        blobs = {config: serializer.dumps(value)}
    begun = clock()
    if command == "dumps":
        blob = serializer.dumps(value)
    elif command == "loads":
        result = serializer.loads(blobs[config])
    answer = (clock() - begun) * 1000
    if command == "dumps":
        blobs = {config: blob}
    elif command == "loads":
        del result
    else:
        with open(file, "wb") as stream:
            stream.write(blobs[config])
    print(answer, flush=True)
