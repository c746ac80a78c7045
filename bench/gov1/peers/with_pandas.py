"""with_pandas.py FOLDER LAYOUT OUT: the 20 indicators in pandas, column by column."""
import sys

import pandas
from pyarrow import dataset as arrow

import shared

folder, layout, out = sys.argv[1:4]
WORKING = {"none": 0, "primary": 6, "junior": 9, "senior": 12, "college": 15, "bachelor": 16,
           "postgraduate": 19, "college_plus": 16}
COMPULSORY = ["primary", "nine_year", "junior", "complete_secondary", "twelve_year"]
SCHOOLS = ["IND-08", "IND-11", "IND-12", "IND-13", "IND-15", "IND-16", "IND-17", "IND-18", "IND-19", "IND-20"]


def read(name, columns):
    if layout == "partitioned" and name not in shared.LISTS:
        rows = arrow.dataset(f"{folder}/partitioned/{name}", partitioning="hive")
        return rows.to_table(columns=columns).to_pandas(types_mapper=types)
    return pandas.read_parquet(f"{folder}/{layout}/{name}.parquet", columns=columns, dtype_backend="numpy_nullable")


def types(kind):
    """Numbers and flags that may be missing stay numbers and flags."""
    return NULLABLE.get(str(kind))


NULLABLE = {"int64": pandas.Int64Dtype(), "int32": pandas.Int32Dtype(), "bool": pandas.BooleanDtype()}


def facts(name, org, columns, **measures):
    """Records to one row for each organisation and year."""
    rows = read(name, ["year", org, *columns])
    keys = [rows["year"].astype("int64"), rows[org].astype(str).rename("org")]
    sums = pandas.DataFrame({it: measure(rows) for it, measure in measures.items()})
    return sums.groupby(keys, sort=False, observed=True).sum().reset_index()


def counts(condition):
    """What is unknown is not counted."""
    return condition.fillna(False).astype("int64")


def part(indicator, autumn, rows, above=None, below=None, later=0):
    nothing = pandas.Series(float("nan"), index=rows.index)
    return pandas.DataFrame({
        "indicator": indicator, "autumn": autumn, "year": rows["year"] + later, "org": rows["org"],
        "above": nothing if above is None else rows[above].astype("float64"),
        "below": nothing if below is None else rows[below].astype("float64"),
    })


def screened(rows):
    eyes = ["acuity_right", "acuity_left", "sphere_right", "sphere_left", "cylinder_right", "cylinder_left"]
    known = rows[eyes].notna().all(axis=1)
    lenses = rows["orthokeratology"].fillna(False)
    stages = rows["stage"].isin(["primary", "junior", "senior", "vocational"])
    return (rows["round"] == "autumn") & stages & (lenses | known)


def myopic(rows):
    eye = lambda side: ((rows[f"acuity_{side}"] < 5)
                        & (2 * rows[f"sphere_{side}"] + rows[f"cylinder_{side}"] <= -1)).fillna(False)
    return screened(rows) & (rows["orthokeratology"].fillna(False) | eye("right") | eye("left"))


def vision():
    eyes = ["acuity_right", "acuity_left", "sphere_right", "sphere_left", "cylinder_right", "cylinder_left"]
    rows = read("vision_screenings", ["year", "school", "round", "stage", "orthokeratology", *eyes])
    # Decimals come as objects; of two digits behind the point a float is exact enough to compare halves.
    rows[eyes] = rows[eyes].astype("float64")
    keys = [rows["year"].astype("int64"), rows["school"].astype(str).rename("org")]
    sums = pandas.DataFrame({"screened": counts(screened(rows)), "myopic": counts(myopic(rows))})
    return sums.groupby(keys, sort=False, observed=True).sum().reset_index()


def parts():
    kindergartens = facts(
        "kindergartens", "school", ["children", "founder", "inclusive"],
        children=lambda it: it["children"],
        public=lambda it: it["children"].where(it["founder"] != "private", 0),
        inclusive=lambda it: it["children"].where((it["founder"] != "private") | it["inclusive"], 0))
    aged = lambda low, high: lambda it: it["persons"].where(it["age"].between(low, high), 0)
    population = facts("population", "area", ["age", "persons"],
                       aged_3_5=aged(3, 5), aged_15_17=aged(15, 17), aged_18_22=aged(18, 22))
    totals = facts("population_totals", "area", ["persons"], residents=lambda it: it["persons"])
    enrolments = facts(
        "enrolments", "school", ["grade", "stage"],
        nine=lambda it: counts(it["grade"] == "G9"),
        upper=lambda it: counts(it["stage"].isin(["senior", "vocational"])))
    first = facts("grade_one_history", "area", ["pupils"], pupils=lambda it: it["pupils"])
    changes = facts("cohort_changes", "area", ["transferred_in", "transferred_out", "died"],
                    moved=lambda it: it["transferred_out"] - it["transferred_in"], died=lambda it: -it["died"])
    regular = ["undergraduate", "vocational_college", "postgraduate", "adult"]
    higher = facts("higher_enrolments", "school", ["kind", "students", "converted"],
                   converted=lambda it: it["converted"].astype("float64"),
                   students=lambda it: it["students"].where(it["kind"].isin(regular), 0))
    schooling = lambda it: it["persons"] * it["level"].astype(str).map(WORKING)
    attainment = facts("attainment", "area", ["level", "age_group", "persons"],
                       years=lambda it: schooling(it).where(it["age_group"] == "working", 0),
                       persons=lambda it: it["persons"].where(it["age_group"] == "working", 0))
    entrants = facts("new_entrants", "area", ["level", "persons"], years=schooling, persons=lambda it: it["persons"])
    lifelong = facts("lifelong_participations", "provider", ["participations"],
                     participations=lambda it: it["participations"])
    institutions = facts("institutions", "school", [], institutions=lambda it: it["year"] * 0 + 1)
    zones = facts("school_zones", "school", [], zoned=lambda it: it["year"] * 0 + 1)
    zones["zoned"] = zones["zoned"].clip(upper=1)
    classes = facts("classes", "school", ["stage", "pupils"],
                    compulsory=lambda it: counts(it["stage"].isin(["primary", "junior"])),
                    large=lambda it: counts(it["stage"].isin(["primary", "junior"]) & (it["pupils"] >= 56)))
    below = lambda it: it["full_time"] & it["stage"].isin(["primary", "junior"])
    above = lambda it: it["full_time"] & (it["stage"] == "higher")
    teachers = facts("teachers", "school", ["full_time", "stage", "degree"],
                     known=lambda it: counts(below(it) & it["degree"].notna()),
                     bachelor=lambda it: counts(below(it) & it["degree"].isin(["bachelor", "master", "doctor"])),
                     higher=lambda it: counts(above(it) & it["degree"].notna()),
                     master=lambda it: counts(above(it) & it["degree"].isin(["master", "doctor"])))
    recognised = facts("recognised_districts", "area", ["kind", "recognition"], balanced=lambda it: counts(
        (it["kind"] == "balanced") & (it["recognition"] == "national")))
    tested = lambda it: ~it["exempt"]
    fitness = facts("fitness_tests", "school", ["exempt", "fitness_grade"],
                    graded=lambda it: counts(tested(it) & it["fitness_grade"].notna()),
                    good=lambda it: counts(tested(it) & it["fitness_grade"].isin(["excellent", "good"])))
    wireless = facts("wireless_coverage", "school", ["coverage"],
                     measured=lambda it: it["year"] * 0 + 1, covered=lambda it: counts(it["coverage"] == "full"))
    dual = facts("dual_qualification", "school", ["dual_qualified"],
                 teachers=lambda it: it["year"] * 0 + 1, dual=lambda it: counts(it["dual_qualified"]))
    professional = lambda it: it["degree_type"] == "professional"
    graduates = facts("postgraduates", "school", ["degree_type", "campus_supervisor", "industry_supervisor"],
                      professional=lambda it: counts(professional(it) & it["campus_supervisor"].notna()
                                                     & it["industry_supervisor"].notna()),
                      two=lambda it: counts(professional(it) & it["campus_supervisor"] & it["industry_supervisor"]))
    return pandas.concat([
        part("IND-01", 1, kindergartens, above="children"), part("IND-01", 0, population, below="aged_3_5"),
        part("IND-02", 1, enrolments, above="nine"), part("IND-02", 1, first, below="pupils", later=8),
        part("IND-02-changes", 1, changes, above="moved", below="died"),
        part("IND-03", 1, enrolments, above="upper"), part("IND-03", 0, population, below="aged_15_17"),
        part("IND-04", 1, higher, above="converted"), part("IND-04", 0, population, below="aged_18_22"),
        part("IND-05", 1, higher, above="students"), part("IND-05", 0, totals, below="residents", later=1),
        part("IND-06", 0, attainment, "years", "persons"), part("IND-07", 0, entrants, "years", "persons"),
        part("IND-08", 0, lifelong, above="participations"),
        part("IND-09", 1, kindergartens, "public", "children"),
        part("IND-10", 1, kindergartens, "inclusive", "children"),
        part("IND-11", 1, zones, above="zoned"), part("IND-11", 1, institutions, below="institutions"),
        part("IND-12", 1, classes, "large", "compulsory"), part("IND-13", 1, teachers, "bachelor", "known"),
        part("IND-14", 0, recognised, above="balanced"), part("IND-15", 1, fitness, "good", "graded"),
        part("IND-16", 1, vision(), "myopic", "screened"), part("IND-17", 1, wireless, "covered", "measured"),
        part("IND-18", 1, dual, "dual", "teachers"), part("IND-19", 1, teachers, "master", "higher"),
        part("IND-20", 1, graduates, "two", "professional"),
    ], ignore_index=True)


def levels(organisations):
    placed = parts().merge(organisations, on=["year", "autumn", "org"])
    outside = ((placed["indicator"] == "IND-11") & ~placed["kind"].isin(COMPULSORY)
               | (placed["indicator"] == "IND-13") & ~placed["area_class"].isin(["town", "rural"])
               | (placed["indicator"] == "IND-19") & ~placed["kind"].isin(["university", "college"]))
    placed[["above", "below"]] = placed[["above", "below"]].mask(outside & placed[["above", "below"]].notna().any(axis=1),
                                                                placed[["above", "below"]] * 0, axis=0)
    found = []
    for level, takes in (("school", placed["indicator"].isin(SCHOOLS)),
                         ("district", ~placed["indicator"].isin(["IND-04", "IND-05"])),
                         ("city", placed["indicator"].notna())):
        keys = ["indicator", level, "year"]
        # Nothing reported is nothing known: a sum of no numbers stays missing.
        sums = placed[takes].groupby(keys, sort=False)[["above", "below"]].sum(min_count=1).reset_index()
        found.append(sums.rename(columns={level: "code"}).assign(level=level))
    return pandas.concat(found, ignore_index=True)


def figures(sums, shown):
    keys = ["level", "code", "year"]
    of = lambda indicator: sums[sums["indicator"] == indicator]
    cohort = of("IND-02").merge(of("IND-02-changes"), on=keys, suffixes=("", "_changes"))
    cohort["above"] += cohort["above_changes"]
    cohort["below"] += cohort["below_changes"]
    recognised = of("IND-14")[of("IND-14")["level"] == "district"].copy()
    recognised["above"] = (recognised["above"] > 0).astype("float64")
    recognised["below"] = 1.0
    cities = shown.loc[shown["level"] == "district"].groupby(["city", "year"]).size().rename("below").reset_index()
    city = recognised.merge(shown[["year", "code", "city"]], on=["year", "code"])
    city = city.groupby(["city", "year"])["above"].sum().reset_index().merge(cities, on=["city", "year"])
    city = city.rename(columns={"city": "code"}).assign(indicator="IND-14", level="city")
    zoned = shown[keys].merge(of("IND-11"), on=keys, how="left").assign(indicator="IND-11")
    zoned["above"] = zoned["above"].fillna(0.0)
    plain = sums[~sums["indicator"].isin(["IND-02", "IND-02-changes", "IND-11", "IND-14"])]
    columns = ["indicator", *keys, "above", "below"]
    whole = pandas.concat([it[columns] for it in (plain, cohort, recognised, city, zoned)], ignore_index=True)
    whole = whole[whole["year"].between(2020, 2025) & (whole["above"].notna() | whole["below"].notna())].copy()
    factor = whole["indicator"].map({"IND-05": 100000.0, "IND-06": 1.0, "IND-07": 1.0}).fillna(100.0)
    value = (whole["above"] * factor / whole["below"]).where(whole["below"] > 0)
    whole["value"] = value.mask(whole["indicator"] == "IND-08", whole["above"])
    return whole.rename(columns={"above": "numerator", "below": "denominator"})


shown = read("shown", None)
figures(levels(read("organisations", None)), shown)[shared.COLUMNS].to_csv(out, index=False)
