#!/bin/sh
# Processor time of starting a reader child, up to its first own line: agents in turn, so that what else the machine does hits all of them.
#   scripts/bench-start.sh AGENT...        RUNS=n for more
set -eu
[ $# -gt 0 ] || { echo "usage: scripts/bench-start.sh AGENT..." >&2; exit 2; }
exec python3 - "${RUNS:-60}" "$@" <<'PY'
import os, statistics, subprocess, sys, resource

def start(agent):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Without its folder the child ends at once, after everything that a start costs but its confinement.
    subprocess.run([agent, "extract-worker"], env={"GOGC": "400", "GOMAXPROCS": "2"}, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

runs, agents = int(sys.argv[1]), sys.argv[2:]
times = {a: [] for a in agents}
for _ in range(runs):
    for a in agents:
        times[a].append(start(a))
for a in agents:
    t = sorted(times[a])
    print(f"{a}: median {statistics.median(t):.1f} ms, fastest tenth {t[len(t) // 10]:.1f} ms of processor time, {runs} starts")
PY
