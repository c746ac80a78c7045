"""Reads every table of a folder and of a store with delta-rs, and holds one against the other."""

import os
import sys

from deltalake import DeltaTable, QueryBuilder

OPTIONS = {
    "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
    "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"],
    "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
    "AWS_REGION": os.environ["AWS_REGION"],
    "AWS_ALLOW_HTTP": "true",
}


def told(table):
    """Rows, and of every column how many values, how many different, the least and the greatest."""
    columns = [field.name for field in table.schema().fields]
    asked = ["count(*)"]
    for name in columns:
        text = f'cast("{name}" as varchar)'
        asked += [f'count("{name}")', f"count(distinct {text})", f"min({text})", f"max({text})"]
    named = ", ".join(f"{what} as c{at}" for at, what in enumerate(asked))
    answer = QueryBuilder().register("t", table).execute(f"select {named} from t").read_all()
    return [column[0].as_py() for column in answer.columns]


folder, store = sys.argv[1:]
rows = tables = 0
for name in sorted(os.listdir(folder)):
    here = DeltaTable(os.path.join(folder, name))
    try:
        there = DeltaTable(f"{store}/{name}", version=here.version(), storage_options=OPTIONS)
    except Exception as error:
        # Tables that no measure reads are not copied.
        if "Not a Delta table" in str(error) or "No files in log segment" in str(error):
            continue
        raise
    assert there.schema() == here.schema(), f"{name}: another schema"
    expected, found = told(here), told(there)
    assert found == expected, f"{name}: {found} in the store, {expected} in the folder"
    rows += expected[0]
    tables += 1
assert tables > 0, "there are no tables in the store"
print(f"  delta-rs: {tables} tables with {rows} rows in the store as they are in the folder")
