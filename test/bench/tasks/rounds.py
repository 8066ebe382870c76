"""Contenders print 'ready', and then, for each number of milliseconds on standard input, train for that long and print
tokens per second."""
import json
import sys
import time


def answer(step):
    """Answers every line; `step` trains once, and returns the number of its tokens."""
    for _ in range(3):
        step()
    print("ready", flush=True)
    for line in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        tokens = 0
        while time.perf_counter() - start < float(line) / 1000:
            tokens += step()
        elapsed, used = time.perf_counter() - start, time.process_time() - cpu
        print(json.dumps({"tokensPerSecond": tokens / elapsed, "tokensPerCpuSecond": tokens / used}), flush=True)
