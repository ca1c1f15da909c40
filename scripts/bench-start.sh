#!/bin/sh
# Processor time and page faults of starting a reader child: programs (aidoc-agent, aidoc-reader) in turn, so that what else the machine does hits all of them.
# Compare copies that were made alike: docs/adr/0039-a-readers-own-program.md.
#   scripts/bench-start.sh PROGRAM...        RUNS=n for more; CONFINED=1 up to its greeting, its confinement included, else up to its first own line
set -eu
[ $# -gt 0 ] || { echo "usage: scripts/bench-start.sh PROGRAM..." >&2; exit 2; }
exec python3 - "${RUNS:-60}" "${CONFINED:-}" "$@" <<'PY'
import os, statistics, subprocess, sys, tempfile, resource

def start(program, env):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Without its folder the child ends at once, with it when its input does. As the agent starts it, that is all before a document is opened.
    subprocess.run([program, "extract-worker"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime), after.ru_minflt - before.ru_minflt

runs, confined, programs = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
env = {"GOGC": "400", "GOMAXPROCS": os.environ.get("GOMAXPROCS", "1")}
with tempfile.TemporaryDirectory() as folder:
    if confined:
        for d in ("in", "scratch"):
            os.mkdir(os.path.join(folder, d))
        env |= {"AIDOC_CHILD_DIR": folder, "AIDOC_CHILD_MEMORY_MIB": "1024"}
    starts = {p: [] for p in programs}
    for _ in range(runs):
        for p in programs:
            starts[p].append(start(p, env))
for p in programs:
    t = sorted(ms for ms, _ in starts[p])
    faults = statistics.median(n for _, n in starts[p])
    print(f"{p}: median {statistics.median(t):.1f} ms, fastest tenth {t[len(t) // 10]:.1f} ms of processor time, {faults:.0f} page faults, {runs} starts")
PY
