"""What the peers share: the SQL texts, in the order they build on each other, and where the rows are."""
import os
import pathlib
import sys

SQL = pathlib.Path(__file__).resolve().parent.parent / "sql"
sys.path.append(str(SQL.parent))
import definitions  # noqa: E402

# Generated definitions beside the plan's twenty.
MORE = [(definitions.code(at), *it) for at, it in enumerate(definitions.definitions(int(os.environ["GOV1_MORE"])))] \
    if "GOV1_MORE" in os.environ else []
DATASETS = sorted(it.stem for it in (SQL / "facts").glob("*.sql"))
LISTS = ["organisations", "shown"]
COLUMNS = ["indicator", "level", "code", "year", "numerator", "denominator", "value"]


def facts():
    """One statement a dataset: its records to one row for each organisation and year."""
    return {name: with_more(name, text(f"facts/{name}")) for name in DATASETS}


def with_more(dataset, statement):
    """The generated definitions in the same pass over the records: what is shared is summed once."""
    sums = {}
    for code, of, above, below in MORE:
        if of == dataset:
            sums[column(code)] = above
            sums.setdefault(whole(below), below)
    more = "".join(f",\n    SUM(CASE WHEN {it} THEN 1 ELSE 0 END) AS {name}" for name, it in sums.items())
    return statement.replace("\nFROM ", f"{more}\nFROM ", 1)


def column(code):
    return code.lower().replace("-", "_")


def whole(below):
    return "of_" + below.split("'")[1]


def steps():
    """What is made of the facts, each a table of the next."""
    steps = {name: text(name) for name in ("parts", "placed", "levels")}
    steps["parts"] += "".join(
        f"\nUNION ALL\nSELECT '{code}', 1, year, org, CAST({column(code)} AS DOUBLE PRECISION),"
        f" CAST({whole(below)} AS DOUBLE PRECISION) FROM f_{dataset}" for code, dataset, _, below in MORE)
    return steps


def figures():
    return text("figures")


def text(name):
    return (SQL / f"{name}.sql").read_text().strip()


def rows_of(folder, layout, dataset):
    """A path or a pattern of paths of a dataset's files."""
    if layout == "partitioned" and dataset not in LISTS:
        return f"{folder}/partitioned/{dataset}/*/*/*.parquet"
    return f"{folder}/{layout}/{dataset}.parquet"


def only(dataset, year):
    """The records that the figures of one year need; all of them without one."""
    if year is None:
        return ""
    before = {"grade_one_history": 8, "population_totals": 1}
    return f" WHERE year = {int(year) - before.get(dataset, 0)}"
