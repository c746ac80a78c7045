"""with_chdb.py FOLDER LAYOUT OUT [YEAR]: the 20 indicators in chDB, which is ClickHouse in a process."""
import sys

from chdb import session

import shared

# Without the third, an alias hides the column of its name in WHERE; without the second, what a join does
# not find is zero and not NULL.
SETTINGS = " SETTINGS max_threads = 2, join_use_nulls = 1, prefer_column_name_to_alias = 1"

folder, layout, out = sys.argv[1:4]
year = sys.argv[4] if len(sys.argv) > 4 else None
base = session.Session()
base.query("CREATE DATABASE gov1")
base.query("USE gov1")
for name in shared.DATASETS + shared.LISTS:
    rows = shared.rows_of(folder, layout, name)
    base.query(f"CREATE VIEW {name} AS SELECT * FROM file('{rows}', Parquet){shared.only(name, year)}")
for name, statement in {**shared.facts(), **shared.steps()}.items():
    base.query(f"CREATE TABLE f_{name} ENGINE = Memory AS {statement}{SETTINGS}")
base.query(f"INSERT INTO FUNCTION file('{out}', CSVWithNames) {shared.figures()}{SETTINGS}")
