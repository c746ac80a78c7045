"""reference.py CENTRE FOLDER OUT [CUT]: the 20 indicators once more, slowly, to hold every engine against.

Written from the words of the plan's definitions and not from the SQL of the peers or the expressions of the plan:
one record at a time, sets and counters, whole numbers and fractions. Its last column is the value as it is published.
With a year as CUT, every school stands where it stood at the end of that year, or as near to it as it was there at all.
"""
import csv
import sys
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
import pathlib
import sqlite3

import pyarrow.parquet as parquet

CENTRE, FOLDER, OUT = map(pathlib.Path, sys.argv[1:4])
CUT = f"{int(sys.argv[4])}-12-31" if len(sys.argv) > 4 else None
YEARS = range(2020, 2026)
DIGITS = {1: 1, 2: 2, 3: 1, 4: 1, 5: 0, 6: 2, 7: 1, 8: 0, 9: 1, 10: 1, 11: 1, 12: 2, 13: 1, 14: 2, 15: 1, 16: 1,
          17: 1, 18: 1, 19: 1, 20: 1}
TIMES = {5: 100_000, 6: 1, 7: 1}
FINEST = {4: "city", 5: "city", 1: "district", 2: "district", 3: "district", 6: "district", 7: "district",
          9: "district", 10: "district", 14: "district"}
SCHOOLING = {"none": 0, "primary": 6, "junior": 9, "senior": 12, "college": 15, "bachelor": 16, "postgraduate": 19,
             "college_plus": 16}
COMPULSORY = {"primary", "nine_year", "junior", "complete_secondary", "twelve_year"}


def records(dataset, *columns):
    file = parquet.ParquetFile(FOLDER / "whole" / f"{dataset}.parquet")
    for batch in file.iter_batches(65_536, columns=list(columns)):
        yield from zip(*(batch.column(it).to_pylist() for it in range(len(columns))))


class City:
    """Who stood under whom on a day."""

    def __init__(self):
        base = sqlite3.connect(f"file:{CENTRE / 'haihe.db'}?mode=ro", uri=True)
        now = "superseded_at IS NULL"
        self.known = defaultdict(list)
        for code, begin, end, *what in base.execute(
                f"SELECT code, valid_from, valid_to, level, kind, area_class FROM organisations WHERE {now}"):
            self.known[code].append((begin, end, what))
        self.parents = defaultdict(list)
        for child, parent, begin, end in base.execute(
                f"SELECT child, parent, valid_from, valid_to FROM organisation_memberships WHERE {now}"
                " AND hierarchy = 'administrative'"):
            self.parents[child].append((begin, end, parent))
        self.seen = {}

    def what(self, code, day):
        """Level, kind and class of area; None where it was not there."""
        return next((it for begin, end, it in self.known[code] if begin <= day and (end is None or day < end)), None)

    def above(self, code, day, shown):
        """Attributes on the day, and of the organisations shown those that hold it."""
        key = (code, day)
        if key not in self.seen:
            if self.what(code, day) is None:
                day = shown
            chain, at = [], code
            # On a cut, a school that is gone hands its campuses to whom it stood under.
            while at is not None and (CUT or self.what(at, day) is not None):
                if self.what(at, day) is not None:
                    chain.append(at)
                at = self.parent(at, CUT or day)
            # An organisation that is gone by the end of the year has no figures of its own; those above it do.
            holding = [it for it in chain if self.what(it, shown) is not None]
            self.seen[key] = (self.what(code, day), holding)
        return self.seen[key]

    def parent(self, code, day):
        """On the day, or on the cut: then of all parents the one least far from it in time."""
        links = self.parents[code]
        holding = [it for begin, end, it in links if begin <= day and (end is None or day < end)]
        if holding or CUT is None:
            return holding[0] if holding else None
        number = lambda text: date.fromisoformat(text).toordinal()
        far = lambda link: number(link[0]) - number(day) if link[0] > day else number(day) - number(link[1]) + 1
        return min(links, key=far)[2] if links else None

    def shown(self, year):
        day = f"{year}-12-31"
        return {it: self.what(it, day)[0] for it in list(self.known) if self.what(it, day) is not None}


CITY = City()


class Side:
    """A numerator or a denominator: a sum for every organisation that something was reported of."""

    def __init__(self, autumn):
        self.day = "09-01" if autumn else "12-31"
        self.sums = defaultdict(dict)

    def add(self, year, code, number, takes=lambda kind, area: True):
        if year not in YEARS:
            return
        what, holding = CITY.above(code, f"{year}-{self.day}", f"{year}-12-31")
        for organisation in holding:
            sums = self.sums[year]
            sums[organisation] = sums.get(organisation, 0) + (number if takes(what[1], what[2]) else 0)

    def at(self, year, code):
        return self.sums[year].get(code)


class Tally:
    """Sums by year and organisation of one pass over a dataset, before they are put into the tree."""

    def __init__(self):
        self.found = defaultdict(int)

    def add(self, year, code, number):
        self.found[year, code] += number

    def side(self, autumn, takes=lambda kind, area: True, later=0):
        side = Side(autumn)
        for (year, code), number in self.found.items():
            side.add(year + later, code, number, takes)
        return side


def tallies(count):
    return [Tally() for _ in range(count)]


SIDES = {}


def kindergartens():
    everybody, public, inclusive = tallies(3)
    for year, school, founder, recognised, children in records(
            "kindergartens", "year", "school", "founder", "inclusive", "children"):
        everybody.add(year, school, children)
        public.add(year, school, children if founder != "private" else 0)
        inclusive.add(year, school, children if founder != "private" or recognised else 0)
    SIDES[1] = [everybody.side(True), None]
    SIDES[9] = [public.side(True), everybody.side(True)]
    SIDES[10] = [inclusive.side(True), everybody.side(True)]


def population():
    small, upper, grown = tallies(3)
    for year, area, age, persons in records("population", "year", "area", "age", "persons"):
        small.add(year, area, persons if 3 <= age <= 5 else 0)
        upper.add(year, area, persons if 15 <= age <= 17 else 0)
        grown.add(year, area, persons if 18 <= age <= 22 else 0)
    SIDES[1][1] = small.side(False)
    residents = Tally()
    for year, area, persons in records("population_totals", "year", "area", "persons"):
        residents.add(year, area, persons)
    return upper.side(False), grown.side(False), residents.side(False, later=1)


def pupils(upper):
    nine, above = tallies(2)
    for year, school, grade, stage in records("enrolments", "year", "school", "grade", "stage"):
        nine.add(year, school, grade == "G9")
        above.add(year, school, stage in ("senior", "vocational"))
    SIDES[3] = [above.side(True), upper]
    first = Tally()
    for year, area, count in records("grade_one_history", "year", "area", "pupils"):
        first.add(year, area, count)
    came, went, died = tallies(3)
    for year, area, into, out, dead in records(
            "cohort_changes", "year", "area", "transferred_in", "transferred_out", "died"):
        came.add(year, area, into)
        went.add(year, area, out)
        died.add(year, area, dead)
    return nine.side(True), first.side(True, later=8), came.side(True), went.side(True), died.side(True)


def students(grown, residents):
    converted, regular = tallies(2)
    for year, school, kind, count, share in records(
            "higher_enrolments", "year", "school", "kind", "students", "converted"):
        converted.add(year, school, Fraction(share))
        regular.add(year, school, count if kind in ("undergraduate", "vocational_college", "postgraduate", "adult") else 0)
    SIDES[4] = [converted.side(True), grown]
    SIDES[5] = [regular.side(True), residents]


def schooling():
    years, persons = tallies(2)
    for year, area, level, group, count in records("attainment", "year", "area", "level", "age_group", "persons"):
        years.add(year, area, count * SCHOOLING[level] if group == "working" else 0)
        persons.add(year, area, count if group == "working" else 0)
    SIDES[6] = [years.side(False), persons.side(False)]
    years, persons = tallies(2)
    for year, area, level, count in records("new_entrants", "year", "area", "level", "persons"):
        years.add(year, area, count * SCHOOLING[level])
        persons.add(year, area, count)
    SIDES[7] = [years.side(False), persons.side(False)]


def schools():
    lifelong = Tally()
    for year, provider, count in records("lifelong_participations", "year", "provider", "participations"):
        lifelong.add(year, provider, count)
    SIDES[8] = [lifelong.side(False), None]
    compulsory = lambda kind, area: kind in COMPULSORY
    zoned, all_of_them = tallies(2)
    for year, school in set(records("school_zones", "year", "school")):
        zoned.add(year, school, 1)
    for year, school in records("institutions", "year", "school"):
        all_of_them.add(year, school, 1)
    SIDES[11] = [zoned.side(True, compulsory), all_of_them.side(True, compulsory)]
    large, classes = tallies(2)
    for year, school, stage, count in records("classes", "year", "school", "stage", "pupils"):
        classes.add(year, school, stage in ("primary", "junior"))
        large.add(year, school, stage in ("primary", "junior") and count >= 56)
    SIDES[12] = [large.side(True), classes.side(True)]
    full, measured = tallies(2)
    for year, school, coverage in records("wireless_coverage", "year", "school", "coverage"):
        measured.add(year, school, 1)
        full.add(year, school, coverage == "full")
    SIDES[17] = [full.side(True), measured.side(True)]


def staff():
    bachelor, known, master, known_higher = tallies(4)
    for year, school, full, stage, degree in records("teachers", "year", "school", "full_time", "stage", "degree"):
        compulsory, higher = full and stage in ("primary", "junior"), full and stage == "higher"
        known.add(year, school, bool(compulsory and degree is not None))
        bachelor.add(year, school, bool(compulsory and degree in ("bachelor", "master", "doctor")))
        known_higher.add(year, school, bool(higher and degree is not None))
        master.add(year, school, bool(higher and degree in ("master", "doctor")))
    countryside = lambda kind, area: area in ("town", "rural")
    universities = lambda kind, area: kind in ("university", "college")
    SIDES[13] = [bachelor.side(True, countryside), known.side(True, countryside)]
    SIDES[19] = [master.side(True, universities), known_higher.side(True, universities)]
    both, teachers = tallies(2)
    for year, school, qualified in records("dual_qualification", "year", "school", "dual_qualified"):
        teachers.add(year, school, 1)
        both.add(year, school, bool(qualified))
    SIDES[18] = [both.side(True), teachers.side(True)]
    two, professional = tallies(2)
    for year, school, kind, campus, industry in records(
            "postgraduates", "year", "school", "degree_type", "campus_supervisor", "industry_supervisor"):
        counts = kind == "professional" and campus is not None and industry is not None
        professional.add(year, school, counts)
        two.add(year, school, bool(counts and campus and industry))
    SIDES[20] = [two.side(True), professional.side(True)]


def health():
    good, graded = tallies(2)
    for year, school, exempt, grade in records("fitness_tests", "year", "school", "exempt", "fitness_grade"):
        graded.add(year, school, not exempt and grade is not None)
        good.add(year, school, not exempt and grade in ("excellent", "good"))
    SIDES[15] = [good.side(True), graded.side(True)]
    myopic, screened = tallies(2)
    half = Decimal("-0.5")
    for (year, school, term, stage, lenses, sharp_right, sharp_left, sphere_right, sphere_left, cylinder_right,
         cylinder_left) in records(
            "vision_screenings", "year", "school", "round", "stage", "orthokeratology", "acuity_right", "acuity_left",
            "sphere_right", "sphere_left", "cylinder_right", "cylinder_left"):
        eyes = ((sharp_right, sphere_right, cylinder_right), (sharp_left, sphere_left, cylinder_left))
        whole = all(it is not None for eye in eyes for it in eye)
        takes_part = term == "autumn" and stage in ("primary", "junior", "senior", "vocational") and bool(lenses or whole)
        near = takes_part and bool(lenses or any(
            sharp < 5 and sphere + cylinder / 2 <= half for sharp, sphere, cylinder in eyes))
        screened.add(year, school, takes_part)
        myopic.add(year, school, near)
    SIDES[16] = [myopic.side(True), screened.side(True)]


def recognised():
    side = Tally()
    for year, area, kind, standing in records("recognised_districts", "year", "area", "kind", "recognition"):
        side.add(year, area, kind == "balanced" and standing == "national")
    return side.side(False)


def figures(cohort, districts):
    """Number, level, code, year, numerator and denominator of all that is known."""
    nine, first, came, went, died = cohort
    for year in YEARS:
        shown = CITY.shown(year)
        for code, level in shown.items():
            if level not in ("city", "district", "school"):
                continue
            for number in range(1, 21):
                finest = FINEST.get(number, "school")
                if level == "school" and finest != "school" or level == "district" and finest == "city":
                    continue
                if number == 2:
                    parts = [it.at(year, code) for it in (nine, came, went)]
                    above = None if None in parts else parts[0] - parts[1] + parts[2]
                    parts = [it.at(year, code) for it in (first, died)]
                    below = None if None in parts else parts[0] - parts[1]
                elif number == 14:
                    units = [it for it in shown if shown[it] == "district"] if level == "city" else [code]
                    found = [districts.at(year, it) for it in units]
                    above = None if all(it is None for it in found) else sum(it is not None and it > 0 for it in found)
                    below = None if above is None else len(units)
                else:
                    above = SIDES[number][0].at(year, code)
                    below = SIDES[number][1].at(year, code) if SIDES[number][1] else None
                    if number == 11 and above is None:
                        above = 0
                if above is not None or below is not None:
                    yield number, level, code, year, above, below


def main():
    kindergartens()
    upper, grown, residents = population()
    cohort = pupils(upper)
    students(grown, residents)
    schooling()
    schools()
    staff()
    health()
    with OUT.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["indicator", "level", "code", "year", "numerator", "denominator", "value", "published"])
        for number, level, code, year, above, below in figures(cohort, recognised()):
            value = None
            if number == 8:
                value = Fraction(above)
            elif above is not None and below:
                value = Fraction(above) * TIMES.get(number, 100) / below
            published = "" if value is None else round_half_up(value, DIGITS[number])
            plain = lambda it: "" if it is None else repr(float(it))
            table.writerow([f"IND-{number:02}", level, code, year, plain(above), plain(below), plain(value), published])


def round_half_up(value, digits):
    units = (value * 10 ** digits * 2 + 1) // 2
    return str(Decimal(int(units)).scaleb(-digits).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


main()
