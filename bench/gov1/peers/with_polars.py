"""with_polars.py FOLDER LAYOUT OUT [YEAR]: the 20 indicators in Polars, by its SQL."""
import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"
import polars

import shared

folder, layout, out = sys.argv[1:4]
year = sys.argv[4] if len(sys.argv) > 4 else None
context = polars.SQLContext()
for name in shared.DATASETS + shared.LISTS:
    rows = shared.rows_of(folder, layout, name)
    hive = layout == "partitioned" and name not in shared.LISTS
    context.register(name, polars.scan_parquet(rows, hive_partitioning=hive))
    if year is not None:
        context.register(name, context.execute(f"SELECT * FROM {name}{shared.only(name, year)}"))
facts = shared.facts()
# All scans at once, so that both cores have work to the end.
results = polars.collect_all([context.execute(it) for it in facts.values()])
for name, result in zip(facts, results):
    # Dictionaries of a file come as categories, which join with nothing but their own kind.
    context.register(f"f_{name}", result.lazy().cast({"org": polars.String}))
for name, statement in shared.steps().items():
    context.register(f"f_{name}", context.execute(statement).collect().lazy())
context.execute(shared.figures()).collect().write_csv(out)
