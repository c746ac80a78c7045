"""measured.py PROGRAM ARGUMENTS…: runs a program to its end and prints, as JSON, what it and its children took.

Processor time and peak memory are the kernel's own account of the ended process; bytes are what it asked the
system for and what came from or went to a disk. The program's own output goes to standard error.
"""
import json
import os
import sys
import time

began = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
# Ended, but its account is still there to be read.
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
wall = time.monotonic() - began
with open(f"/proc/{child}/io") as file:
    moved = {name: int(count) for name, count in (line.split(": ") for line in file)}
_, status, usage = os.wait4(child, 0)
print(json.dumps({
    "wall_s": wall,
    "cpu_s": usage.ru_utime + usage.ru_stime,
    "peak_bytes": usage.ru_maxrss * 1024,
    "read_bytes": moved["rchar"],
    "written_bytes": moved["wchar"],
    "disk_read_bytes": moved["read_bytes"],
    "disk_written_bytes": moved["write_bytes"],
}))
sys.exit(os.waitstatus_to_exitcode(status))
