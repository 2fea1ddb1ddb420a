"""Times CPython's pickle: the first line is a document in JSON, each later one a command, and the answer milliseconds."""
import hashlib, json, os, pickle, sys, time

clock = time.process_time if os.environ.get("BENCH_CLOCK") == "cpu" else time.perf_counter
value = json.loads(sys.stdin.readline())
data = pickle.dumps(value, 4)
print("ready", flush=True)
for line in sys.stdin:
    command = line.strip()
    if command == "hash":
        print(hashlib.sha256(data).hexdigest(), flush=True)
        continue
    begun = clock()
    result = pickle.dumps(value, 4) if command == "dumps" else pickle.loads(data)
    answer = (clock() - begun) * 1000
    del result
    print(answer, flush=True)
