"""with_duckdb.py FOLDER LAYOUT OUT [YEAR]: the 20 indicators in DuckDB."""
import sys

import duckdb

import shared

folder, layout, out = sys.argv[1:4]
year = sys.argv[4] if len(sys.argv) > 4 else None
base = duckdb.connect()
base.execute("SET threads = 2")
base.execute("SET preserve_insertion_order = false")
for name in shared.DATASETS + shared.LISTS:
    rows = shared.rows_of(folder, layout, name)
    source = f"read_parquet('{rows}', hive_partitioning = {layout == 'partitioned'})"
    base.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}{shared.only(name, year)}")
for name, statement in {**shared.facts(), **shared.steps()}.items():
    base.execute(f"CREATE TEMP TABLE f_{name} AS {statement}")
base.execute(f"COPY ({shared.figures()}) TO '{out}' (FORMAT csv, HEADER true)")
