"""definitions.py: many shares over three datasets, for everybody to define, from one list.

definitions.py twenty PLAN                  leaves the plan's twenty indicators and their measures in a plan folder
definitions.py ours PLAN COUNT              adds COUNT indicators and their measures to a plan folder
definitions.py metricflow PROJECT COUNT     writes COUNT ratio metrics into a project of dbt and MetricFlow
definitions.py duckdb FOLDER OUT COUNT      computes them for the city in DuckDB, by hand-written SQL, to hold ours against
definitions.py lines PLAN                   counts the lines that the plan's twenty indicators take, as JSON

What is defined is told as JSON, with the lines it took.
"""
import json
import pathlib
import re
import sys

STAGES = {"classes": ["primary", "junior", "senior", "vocational", "preschool"],
          "teachers": ["primary", "junior", "senior", "vocational", "preschool"],
          "enrolments": ["primary", "junior", "senior", "vocational", "preschool"]}
PARTS = {
    "classes": [f"pupils >= {it}" for it in range(20, 70, 3)],
    "teachers": ["backbone", "NOT backbone", "degree IN ('bachelor', 'master', 'doctor')", "degree = 'master'",
                 "degree IS NULL", "licensed", "subject = 'pe'", "subject IN ('music', 'art')", "subject = 'english'",
                 "full_time AND backbone"] + [f"training_hours >= {it}" for it in range(12, 120, 12)],
    "enrolments": ["migrant", "boarding", "sex = 'F'", "migrant AND boarding", "arrival = 'entered'",
                   "arrival = 'transferred_in'", "class_number IS NULL"] + [f"class_number > {it}" for it in range(1, 12)],
}


def definitions(count):
    """Dataset, what is counted, and of what: always the same."""
    found = [(dataset, f"stage = '{stage}' AND ({part})", f"stage = '{stage}'")
             for dataset, parts in PARTS.items() for part in parts for stage in STAGES[dataset]]
    # Evenly over the three, whatever the count.
    step = len(found) / count
    return [found[int(it * step)] for it in range(count)]


def code(at):
    return f"GEN-{at + 1:03}"


def ours(plan, count):
    measures, indicators, wholes = [], [], {}
    header = (plan / "plan.toml").read_text()
    group = header.split("[[group]]")[-1].split('code = "')[1].split('"')[0]
    for at, (dataset, above, below) in enumerate(definitions(count)):
        whole = wholes.get((dataset, below))
        if whole is None:
            whole = wholes[dataset, below] = f"generated_whole_{len(wholes)}"
            measures.append(measure(whole, dataset, below))
        measures.append(measure(f"generated_{at}", dataset, above))
        indicators.append(
            f'\n[[indicator]]\ncode = "{code(at)}"\nnumber = {1001 + at}\ngroup = "{group}"\n'
            f'name = {{ zh = "生成指标{at + 1}", en = "Generated {at + 1}" }}\nunit = {{ zh = "%", en = "%" }}\n'
            'decimals = 2\ndirection = "up"\nfinest_level = "school"\n\n[[indicator.definition]]\nversion = 1\n'
            f'kind = "share"\nlabel = {{ zh = "生成", en = "Generated" }}\nnumerator = [{{ measure = "generated_{at}" }}]\n'
            f'denominator = [{{ measure = "{whole}" }}]\nsource = {{ zh = "生成", en = "generated" }}\n')
    lines = add(plan / "measures.toml", measures) + add(plan / "indicators.toml", indicators)
    print(json.dumps({"definitions": count, "lines": lines}))


def twenty(plan):
    """Nothing else of the plan names a measure; what names another indicator does without it."""
    above, *indicators = (plan / "indicators.toml").read_text().split("\n[[indicator]]\n")
    kept = "".join(f"\n[[indicator]]\n{it}" for it in indicators if re.search(r'^code = "IND-', it, re.M))
    (plan / "indicators.toml").write_text(above + kept)
    used = set(re.findall(r'measure = "(\w+)"', kept))
    above, *measures = (plan / "measures.toml").read_text().split("[[measure]]\n")
    measures = [it for it in measures if re.search(r'^name = "(\w+)"', it, re.M)[1] in used]
    (plan / "measures.toml").write_text(above + "".join(f"[[measure]]\n{it}" for it in measures))
    for name in ("tasks.toml", "projects.toml"):
        text = (plan / name).read_text()
        (plan / name).write_text(re.sub(r'^indicator = "(?!IND-)[^"]*"\n', "", text, flags=re.M))
    print(json.dumps({"definitions": kept.count("[[indicator]]"), "lines": written(kept)}))


def measure(name, dataset, where):
    return f'\n[[measure]]\nname = "{name}"\ndataset = "{dataset}"\naggregate = "count"\nwhere = "{where}"\n'


def add(path, entries):
    text = "".join(entries)
    path.write_text(path.read_text() + text)
    return written(text)


def written(text, comment="#"):
    """Lines that say something."""
    return sum(1 for it in text.splitlines() if it.strip() and not it.strip().startswith(comment))


def metricflow(project, count):
    (project / "models").mkdir(parents=True, exist_ok=True)
    (project / "dbt_project.yml").write_text("name: gov\nversion: '1.0'\nprofile: gov\nmodel-paths: [models]\n")
    (project / "profiles.yml").write_text(
        "gov:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: gov1.duckdb, threads: 2}\n")
    models, metrics = [], []
    (project / "models" / "spine.sql").write_text(
        "{{ config(materialized='table') }}\nselect cast(range as date) as date_day"
        " from range(date '2020-01-01', date '2026-12-31', interval 1 day)\n")
    wanted, wholes = list(enumerate(definitions(count))), {}
    for dataset in PARTS:
        (project / "models" / f"{dataset}.sql").write_text(
            "{{ config(materialized='table') }}\nselect row_number() over () as id, make_date(f.year, 9, 1) as ds, f.*"
            f" from read_parquet('{{{{ env_var(\"GOV1_FILES\") }}}}/whole/{dataset}.parquet') f\n")
        measures = []
        for at, (_, above, below) in (it for it in wanted if it[1][0] == dataset):
            if (dataset, below) not in wholes:
                wholes[dataset, below] = f"whole_{len(wholes)}"
                measures.append(summed(wholes[dataset, below], below))
            measures.append(summed(f"part_{at}", above))
            metrics.append(
                f"  - name: r{at}\n    label: Generated {at + 1}\n    type: ratio\n    type_params:\n"
                f"      numerator: part_{at}\n      denominator: {wholes[dataset, below]}\n")
        models.append(
            f"  - name: {dataset}\n    model: ref('{dataset}')\n    defaults:\n      agg_time_dimension: ds\n"
            f"    entities:\n      - name: {dataset}_row\n        type: primary\n        expr: id\n    dimensions:\n"
            "      - name: ds\n        type: time\n        type_params:\n          time_granularity: day\n"
            "      - name: school\n        type: categorical\n    measures:\n" + "".join(measures))
    text = ("models:\n  - name: spine\n    time_spine: {standard_granularity_column: date_day}\n"
            "    columns: [{name: date_day, granularity: day}]\nsemantic_models:\n" + "".join(models)
            + "metrics:\n" + "".join(metrics))
    (project / "models" / "definitions.yml").write_text(text)
    print(json.dumps({"definitions": count, "lines": written(text)}))


def summed(name, where):
    """A measure that is a metric too, in the style of the documentation."""
    return (f"      - name: {name}\n        agg: sum\n        create_metric: true\n"
            f"        expr: \"case when {where} then 1 else 0 end\"\n")


def duckdb(folder, out, count):
    import csv

    import duckdb as engine

    base = engine.connect()
    base.execute("SET threads = 2")
    lines, rows = 0, []
    for dataset in PARTS:
        wanted = [(at, above, below) for at, (of, above, below) in enumerate(definitions(count)) if of == dataset]
        if not wanted:
            continue
        sums = [f"SUM(CASE WHEN {it} THEN 1 ELSE 0 END)" for _, above, below in wanted for it in (above, below)]
        statement = "SELECT year,\n" + ",\n".join(sums) + f"\nFROM '{folder}/whole/{dataset}.parquet'\nGROUP BY year"
        lines += written(statement, "--")
        for year, *found in base.execute(statement).fetchall():
            for place, (at, _, _) in enumerate(wanted):
                above, below = found[2 * place], found[2 * place + 1]
                rows.append([code(at), "city", CITY, year, above, below, above * 100 / below if below else ""])
    with open(out, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["indicator", "level", "code", "year", "numerator", "denominator", "value"])
        table.writerows(sorted(it for it in rows if 2020 <= it[3] <= 2025))
    print(json.dumps({"definitions": count, "lines": lines}))


def lines(plan):
    """Of the twenty indicators: everything, and what only defines them; of the peers' texts: all of it."""
    indicators = (plan / "indicators.toml").read_text().split("\n[[indicator]]\n")[1:]
    twenty = [it for it in indicators if 'code = "IND-' in it][:20]
    measures = {it.split('name = "')[1].split('"')[0]: it
                for it in (plan / "measures.toml").read_text().split("[[measure]]\n")[1:]}
    used, defining = {}, 0
    for text in twenty:
        definition = text.split("[[indicator.definition]]")[1]
        defining += sum(1 for it in definition.splitlines() if it.startswith(("kind", "per", "level", "numerator", "denominator", "  {", "]")))
        used |= {name: it for name, it in measures.items() if f'measure = "{name}"' in definition}
    of_measures = sum(sum(1 for it in text.splitlines() if it.startswith(("[", "name", "dataset", "aggregate", "of", "where")))
                      + 1 for text in used.values())
    here = pathlib.Path(__file__).resolve().parent
    sql = sum(written(it.read_text(), "--") for it in (here / "sql").rglob("*.sql"))
    pandas = written((here / "peers" / "with_pandas.py").read_text())
    print(json.dumps({
        "ours_whole": sum(written(it) + 1 for it in twenty) + sum(written(it) + 1 for it in used.values()),
        "ours_defining": defining + of_measures,
        "sql": sql,
        "pandas": pandas,
    }))


def city(folder):
    import pyarrow.parquet as parquet
    table = parquet.read_table(f"{folder}/whole/shown.parquet").to_pydict()
    return next(code for code, level in zip(table["code"], table["level"]) if level == "city")


CITY = None
if __name__ == "__main__":
    if sys.argv[1] == "twenty":
        twenty(pathlib.Path(sys.argv[2]))
    elif sys.argv[1] == "ours":
        ours(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "metricflow":
        metricflow(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "duckdb":
        CITY = city(sys.argv[2])
        duckdb(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        lines(pathlib.Path(sys.argv[2]))
