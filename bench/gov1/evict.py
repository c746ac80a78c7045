"""evict.py FOLDER…: has the system give up what it remembers of the files in folders, so that who asks next reads the disk.

A file that a running program has mapped stays. Below the system a disk may remember what it likes.
"""
import os
import sys

# Only what is on the disk is given up.
os.sync()
for folder in sys.argv[1:]:
    for above, _, names in os.walk(folder, followlinks=True):
        for name in names:
            with open(os.path.join(above, name), "rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
