"""prepare.py CENTRE FOLDER: the files of a data centre's newest tables, for every engine to read.

FOLDER/partitioned/DATASET/year=Y/area_code=A/*.parquet   the data files themselves, linked and not copied
FOLDER/whole/DATASET.parquet                              the same rows, one file a dataset
FOLDER/{whole,partitioned}/organisations.parquet          where an organisation stood on the day of a dataset
FOLDER/{whole,partitioned}/shown.parquet                  the organisations that a year has figures of
FOLDER/checksums.json                                     rows, bytes and SHA-256 of each
"""
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import sys
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
DATASETS = sorted(it.stem for it in (HERE / "sql" / "facts").glob("*.sql"))
YEARS = range(2020, 2026)
ROW_GROUP = 262_144


def newest(table):
    """The data files of a Delta table's newest version."""
    files = set()
    for entry in sorted((table / "_delta_log").glob("*.json")):
        for line in entry.read_text().splitlines():
            action = json.loads(line)
            if "add" in action:
                files.add(action["add"]["path"])
            elif "remove" in action:
                files.discard(action["remove"]["path"])
    return sorted(files)


def plain(table, year):
    """Words as words, and the year that is in the file's path."""
    columns, names = [], []
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        columns.append(column)
        names.append(name)
    columns.append(pa.array([year] * table.num_rows, pa.int64()))
    names.append("year")
    return pa.table(columns, names=names)


def merge(paths, target):
    """One file of many, ordered as they are: by year, area and organisation."""
    writer, waiting, rows = None, [], 0
    for path in paths:
        year = int(path.parent.parent.name.removeprefix("year="))
        waiting.append(plain(pq.read_table(path, partitioning=None), year))
        rows += waiting[-1].num_rows
        if rows >= ROW_GROUP:
            writer = write(writer, waiting, target)
            waiting, rows = [], 0
    writer = write(writer, waiting, target)
    writer.close()


def write(writer, tables, target):
    if not tables:
        return writer
    table = pa.concat_tables(tables)
    writer = writer or pq.ParquetWriter(target, table.schema, compression="zstd", compression_level=1)
    writer.write_table(table, row_group_size=ROW_GROUP)
    return writer


class Registry:
    """The administrative hierarchy as the registry knows it now."""

    def __init__(self, path):
        base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.versions = base.execute(
            "SELECT code, valid_from, coalesce(valid_to, '9999'), level, kind, area_class FROM organisations"
            " WHERE superseded_at IS NULL ORDER BY code, valid_from").fetchall()
        self.links = base.execute(
            "SELECT child, parent, valid_from, coalesce(valid_to, '9999') FROM organisation_memberships"
            " WHERE superseded_at IS NULL AND hierarchy = 'administrative' ORDER BY child, valid_from").fetchall()

    def on(self, day):
        """By code: level, kind, class of area and the codes up to the root."""
        there = {it[0]: it[3:] for it in self.versions if it[1] <= day < it[2]}
        parents = {it[0]: it[1] for it in self.links if it[2] <= day < it[3] and it[1] in there}

        return with_paths(there, parents)

    def on_cut(self, day, cut):
        """The organisations of a day below those of another: each under the parent whose time is nearest to it.

        Of districts that came or went between the two the registry knows heirs; the demonstration has none, and
        with some this stops rather than guess.
        """
        there = {it[0]: it[3:] for it in self.versions if it[1] <= day < it[2]}
        then = {it[0]: it[3:] for it in self.versions if it[1] <= cut < it[2]}
        # Above the schools the cut decides.
        above = lambda these: {code for code, (_, kind, _) in these.items() if not kind}
        if self.of_interest(above(there)) != self.of_interest(above(then)):
            raise SystemExit(f"districts of {day} and {cut} differ")
        there |= {code: it for code, it in then.items() if not it[1]}
        nearest = {}
        for child, parent, begin, end in self.links:
            if child not in there:
                continue
            away = 0 if begin <= cut < end else days(end, cut) + 1 if end <= cut else days(cut, begin)
            if child not in nearest or away < nearest[child][0]:
                nearest[child] = (away, parent)
        # A parent that is gone hands its children to its own.
        known = {child: parent for child, (_, parent) in nearest.items()}
        everybody = {child: parent for child, parent, *_ in self.links}
        for child, parent in known.items():
            while parent is not None and parent not in there:
                parent = everybody.get(parent)
            known[child] = parent
        return with_paths(there, known)

    def of_interest(self, codes):
        """Those that stand in the administrative hierarchy."""
        linked = {it[0] for it in self.links} | {it[1] for it in self.links}
        return codes & linked


def days(earlier, later):
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def with_paths(there, parents):
    def upward(code):
        while code is not None:
            yield code
            code = parents.get(code)

    return {code: (*it, list(upward(code))) for code, it in there.items()}


def organisations(registry, folder, cut=None):
    on = registry.on if cut is None else lambda day: registry.on_cut(day, f"{cut}-12-31")
    placed, shown = [], []
    for year in YEARS:
        end = on(f"{year}-12-31")
        for code, (level, _, _, path) in end.items():
            if level in ("city", "district", "school"):
                city = next((it for it in path if end[it][0] == "city"), None)
                shown.append((year, code, level, city))
        for autumn in (1, 0):
            then = on(f"{year}-09-01") if autumn else end
            for code in sorted(then.keys() | end.keys()):
                # Older than its own records: it stands where it stands at the end of the year.
                level, kind, area_class, path = then.get(code) or end[code]
                tree = then if code in then else end
                at = {tree[it][0]: it for it in path if it in end}
                placed.append((year, autumn, code, kind, area_class,
                               at.get("school"), at.get("district"), at.get("city")))
    placed.sort()
    shown.sort()
    save(folder / "organisations.parquet", placed,
         [("year", pa.int64()), ("autumn", pa.int32()), ("org", pa.string()), ("kind", pa.string()),
          ("area_class", pa.string()), ("school", pa.string()), ("district", pa.string()), ("city", pa.string())])
    save(folder / "shown.parquet", shown,
         [("year", pa.int64()), ("code", pa.string()), ("level", pa.string()), ("city", pa.string())])


def save(path, rows, columns):
    cells = list(zip(*rows))
    table = pa.table([pa.array(it, kind) for it, (_, kind) in zip(cells, columns)], names=[it for it, _ in columns])
    pq.write_table(table, path, compression="zstd")


def checksum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(centre, folder):
    shutil.rmtree(folder, ignore_errors=True)
    whole, partitioned = folder / "whole", folder / "partitioned"
    whole.mkdir(parents=True)
    partitioned.mkdir()
    summary = {}
    for dataset in DATASETS:
        paths = []
        for file in newest(centre / "lake" / dataset):
            path = partitioned / dataset / file
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(centre / "lake" / dataset / file, path)
            paths.append(path)
        merge(paths, whole / f"{dataset}.parquet")
        # One sum over the sums of the files, in the order of their names.
        sums = "".join(f"{checksum(it)}  {it.relative_to(partitioned / dataset)}\n" for it in paths)
        summary[dataset] = {
            "rows": pq.read_metadata(whole / f"{dataset}.parquet").num_rows,
            "files": len(paths),
            "bytes": sum(it.stat().st_size for it in paths),
            "sha256": hashlib.sha256(sums.encode()).hexdigest(),
            "whole_bytes": (whole / f"{dataset}.parquet").stat().st_size,
            "whole_sha256": checksum(whole / f"{dataset}.parquet"),
        }
    registry = Registry(centre / "haihe.db")
    organisations(registry, whole)
    for name in ("organisations", "shown"):
        file = whole / f"{name}.parquet"
        os.link(file, partitioned / f"{name}.parquet")
        summary[name] = {"rows": pq.read_metadata(file).num_rows, "files": 1, "bytes": file.stat().st_size,
                         "sha256": checksum(file), "whole_bytes": file.stat().st_size, "whole_sha256": checksum(file)}
    for cut in (YEARS[0], YEARS[-1]):
        on_cut = folder / f"on-{cut}" / "whole"
        on_cut.mkdir(parents=True)
        for dataset in DATASETS:
            os.link(whole / f"{dataset}.parquet", on_cut / f"{dataset}.parquet")
        organisations(registry, on_cut, cut)
    (folder / "checksums.json").write_text(json.dumps(summary, indent=2) + "\n")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
