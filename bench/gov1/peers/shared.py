"""What the peers share: the SQL texts, in the order they build on each other, and where the rows are."""
import pathlib

SQL = pathlib.Path(__file__).resolve().parent.parent / "sql"
DATASETS = sorted(it.stem for it in (SQL / "facts").glob("*.sql"))
LISTS = ["organisations", "shown"]
COLUMNS = ["indicator", "level", "code", "year", "numerator", "denominator", "value"]


def facts():
    """One statement a dataset: its records to one row for each organisation and year."""
    return {name: text(f"facts/{name}") for name in DATASETS}


def steps():
    """What is made of the facts, each a table of the next."""
    return {name: text(name) for name in ("parts", "placed", "levels")}


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
