"""with_postgres.py load FOLDER | with_postgres.py query OUT: the 20 indicators in PostgreSQL.

The connection comes from GOV1_POSTGRES. What the server took is written to GOV1_SERVER as JSON, for the work is
done there and not in this process.
"""
import contextlib
import json
import os
import re
import sys
import threading
import time

import psycopg2
import pyarrow
import pyarrow.csv
import pyarrow.parquet

import shared

TYPES = {"int32": "integer", "int64": "bigint", "string": "text", "bool": "boolean", "date32[day]": "date"}
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """The processes of the server, as the system counts them."""

    def __init__(self, backend):
        self.parent = stat(backend)[1]

    def processes(self):
        found = [self.parent]
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                if stat(int(name))[1] == self.parent:
                    found.append(int(name))
        return found

    def used(self):
        """Processor time and bytes, those of ended workers too, which are counted at their parent."""
        cpu, read, written = 0, 0, 0
        for process in self.processes():
            with contextlib.suppress(OSError):
                fields = stat(process)
                cpu += sum(fields[11:13]) + (sum(fields[13:15]) if process == self.parent else 0)
                with open(f"/proc/{process}/io") as file:
                    moved = dict(line.split(": ") for line in file)
                read += int(moved["rchar"])
                written += int(moved["wchar"])
        return cpu / TICKS, read, written

    def memory(self):
        """What the processes have for themselves, and once what they share."""
        own, common = 0, 0
        for process in self.processes():
            with contextlib.suppress(OSError, KeyError):
                with open(f"/proc/{process}/status") as file:
                    lines = dict(line.split(":", 1) for line in file)
                own += int(lines["RssAnon"].split()[0])
                common = max(common, int(lines["RssShmem"].split()[0]))
        return (own + common) * 1024


def stat(process):
    """The fields of a process after its name: state, parent, …"""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return [fields[0], *map(int, fields[1:])]


@contextlib.contextmanager
def measured(server):
    done, peak = threading.Event(), [0]

    def watch():
        while not done.wait(0.05):
            peak[0] = max(peak[0], server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    before = server.used()
    try:
        yield
    finally:
        after = server.used()
        done.set()
        watcher.join()
        cpu, read, written = (b - a for a, b in zip(before, after))
        with open(os.environ["GOV1_SERVER"], "w") as file:
            json.dump({"cpu_s": cpu, "peak_bytes": peak[0], "read_bytes": read, "written_bytes": written}, file)


def load(cursor, folder):
    """Only the columns that are asked for, into tables that need not outlive a crash."""
    for name in shared.DATASETS + shared.LISTS:
        rows = pyarrow.parquet.ParquetFile(shared.rows_of(folder, "whole", name))
        words = set(re.findall(r"\w+", shared.facts().get(name, "")))
        columns = [it for it in rows.schema_arrow.names if name in shared.LISTS or it in words]
        kinds = {it: str(rows.schema_arrow.field(it).type) for it in columns}
        declared = ", ".join(f"{it} {TYPES.get(kinds[it], 'numeric')}" for it in columns)
        cursor.execute(f"DROP TABLE IF EXISTS {name} CASCADE")
        cursor.execute(f"CREATE UNLOGGED TABLE {name} ({declared})")
        out, into = os.pipe()

        def write():
            options = pyarrow.csv.WriteOptions(include_header=False)
            with os.fdopen(into, "wb") as file:
                for batch in rows.iter_batches(columns=columns):
                    pyarrow.csv.write_csv(pyarrow.table(batch), file, options)

        writer = threading.Thread(target=write)
        writer.start()
        with os.fdopen(out, "rb") as file:
            cursor.copy_expert(f"COPY {name} ({', '.join(columns)}) FROM STDIN (FORMAT csv)", file)
        writer.join()
    cursor.execute("ANALYZE")


def query(cursor, out):
    for name, statement in {**shared.facts(), **shared.steps()}.items():
        cursor.execute(f"CREATE TEMP TABLE f_{name} AS {statement}")
        cursor.execute(f"ANALYZE f_{name}")
    with open(out, "w") as file:
        cursor.copy_expert(f"COPY ({shared.figures()}) TO STDOUT (FORMAT csv, HEADER true)", file)


connection = psycopg2.connect(os.environ["GOV1_POSTGRES"])
connection.autocommit = True
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    server = Server(cursor.fetchone()[0])
    with measured(server):
        if sys.argv[1] == "load":
            load(cursor, sys.argv[2])
        else:
            query(cursor, sys.argv[2])
