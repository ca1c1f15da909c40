#!/usr/bin/env python3
"""cputime.py COMMAND…   runs it and tells the processor seconds of it and of all that it started, servers in the background among them.

Wall time says little where others use the machine too. Ends with the command's exit status; what it left running is waited for.
"""
import ctypes
import os
import resource
import sys
import time

PR_SET_CHILD_SUBREAPER = 36  # a server whose starter has ended becomes our child, and its seconds are told to us
if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
    sys.exit("cputime.py: the kernel refuses to make this process the parent of its orphans; Linux 3.4 or newer is needed.")
if len(sys.argv) < 2:
    sys.exit("usage: cputime.py COMMAND…")
began = time.monotonic()
command = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
status = 127
while True:
    try:
        pid, ended = os.wait()
    except ChildProcessError:
        break
    if pid == command:
        status = os.waitstatus_to_exitcode(ended)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"cputime: {used.ru_utime:.1f} user + {used.ru_stime:.1f} system = {used.ru_utime + used.ru_stime:.1f} s, "
      f"{time.monotonic() - began:.0f} s on the clock: {' '.join(sys.argv[1:])}", file=sys.stderr)
sys.exit(status if status >= 0 else 128 - status)
