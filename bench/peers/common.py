"""What the lines in Python share: the benchmark's protocol (scripts/bench/protocol.ts) on standard input, and the data file."""
import json
import os
import sys
import time

import numpy as np

FIELDS = {"cnn": [(5, 5, 1, 8), (8,), (5, 5, 8, 16), (16,), (784, 10), (10,)]}


def shapes(job):
    """The parameters' shapes in the order of layers, weights before biases."""
    sizes = job["sizes"]
    dense = [shape for i, width in enumerate(sizes[1:]) for shape in ((sizes[i], width), (width,))]
    return FIELDS.get(job["network"], dense)


class Data:
    """Initial parameters, and the batches."""

    def __init__(self, job):
        numbers = np.fromfile(job["data"], dtype=np.float32)
        at = 0

        def take(*shape):
            nonlocal at
            at += int(np.prod(shape))
            return numbers[at - int(np.prod(shape)) : at].reshape(shape)

        batch, batches = job["batch"], job["batches"]
        image = (28, 28, 1) if job["network"] == "cnn" else (job["sizes"][0],)
        self.params = [take(*shape).copy() for shape in shapes(job)]
        self.x = [take(batch, *image).copy() for _ in range(batches)]
        classes = job["loss"] == "classes"
        self.y = [take(batch).copy().view(np.int32) if classes else take(batch, 1).copy() for _ in range(batches)]


def use_cores(threads):
    """Keeps the process on so many cores, where the system can: some libraries have no setting of their own for it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def first_values(output):
    return [float(x) for x in np.asarray(output).reshape(-1)[:4]]


def serve(start):
    """`start(job)` gives an object with `version`, `reset()`, `step(i)`, `values()`, and maybe `settle()`."""
    runner, batches = None, 1
    out = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        what = request["do"]
        try:
            if what == "quit":
                break
            if what == "start":
                runner, batches = start(request), request["batches"]
                answer = {"version": runner.version}
            elif what == "check":
                answer = {"values": check(runner, request["steps"], request["patience"], batches)}
            elif what == "run":
                answer = run(runner, request["milliseconds"] / 1000, request["block"], batches)
            else:
                raise ValueError(f"does not know {what}")
            reply = {"ok": True, **answer}
        except Exception as error:  # whatever a library throws is its answer
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}".split("\n")[0]}
        out.write(json.dumps(reply) + "\n")
        out.flush()


def settle(runner):
    if hasattr(runner, "settle"):
        runner.settle()


def check(runner, steps, patience, batches):
    runner.reset()
    values, started = [], time.perf_counter()
    for i in range(steps):
        if i >= 2 and (time.perf_counter() - started) * 1000 > patience:
            break
        runner.step(i % batches)
        settle(runner)
        values.extend(runner.values())
    return values


def run(runner, seconds, block, batches):
    spent, done = 0.0, 0
    while spent < seconds:
        left = 1 if done == 0 else round((seconds - spent) / (spent / done))
        count = min(block, max(1, left))
        runner.reset()
        settle(runner)
        step = runner.step
        started = time.perf_counter()
        for i in range(count):
            step(i % batches)
        settle(runner)
        spent += time.perf_counter() - started
        done += count
    return {"microseconds": spent * 1e6 / done, "steps": done}
