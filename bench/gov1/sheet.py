"""sheet.py CENTRE OUT ROWS [FAULTY [PARTS]]: a sheet of enrolments for the schools of a data centre, as .xlsx or .csv.

Pupils are counted up, with the check digit of their number; none is anybody. One row of FAULTY is wrong: by turns a
check digit, a grade that the stage does not have, a class number out of range, and a pupil who is there already. The
counts that an import must come to are printed as JSON. With PARTS, the rows are cut into as many sheets, OUT-0 and so on, each
of one school, and the code of the city is printed.
"""
import csv
import datetime
import json
import pathlib
import sqlite3
import sys
import zipfile
from xml.sax.saxutils import escape

CENTRE, OUT, ROWS = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
FAULTY = int(sys.argv[4]) if len(sys.argv) > 4 else 0
PARTS = int(sys.argv[5]) if len(sys.argv) > 5 else 0
YEAR = 2025
HEADER = ["学校（机构）标识码", "学年", "学籍号", "学段", "年级", "班号", "性别", "出生日期", "随迁子女", "寄宿", "入校方式"]
GRADES = ["一年级", "二年级", "三年级", "四年级", "五年级", "六年级"]
WEIGHTS = [2 ** (17 - it) % 11 for it in range(17)]
# Pupils of one birthday and region; the last of the three digits tells the sex.
ALIKE = 999


def schools():
    base = sqlite3.connect(f"file:{CENTRE / 'haihe.db'}?mode=ro", uri=True)
    return [code for code, in base.execute(
        "SELECT code FROM organisations WHERE superseded_at IS NULL AND valid_to IS NULL AND kind = 'primary'"
        " ORDER BY code")]


def city():
    """The code of the organisation above all."""
    base = sqlite3.connect(f"file:{CENTRE / 'haihe.db'}?mode=ro", uri=True)
    return base.execute("SELECT code FROM organisations WHERE level = 'city'").fetchone()[0]


def number(seventeen):
    """With its check character, by GB 11643."""
    rest = sum(int(digit) * weight for digit, weight in zip(seventeen, WEIGHTS)) % 11
    return f"G{seventeen}{'10X98765432'[rest]}"


def wrong(text):
    """Another check character."""
    return text[:-1] + ("1" if text[-1] != "1" else "2")


def rows():
    """Every row, and the rule that it breaks."""
    codes, begin = schools(), datetime.date(2013, 9, 1)
    sheet = ROWS // PARTS if PARTS else 0
    of = (lambda at: at // sheet * (len(codes) // PARTS)) if PARTS else (lambda at: at // (ROWS // len(codes) + 1))
    before = None
    for at in range(ROWS):
        grade = at // ALIKE % 6
        # By grade the year, by the place in it the day; a region that the city has no schools in.
        born = begin + datetime.timedelta(days=365 * (5 - grade) + at // (ALIKE * 6) % 365)
        order = at % ALIKE + 1
        pupil = number(f"3701{at // (ALIKE * 6 * 365) % 90 + 10:02}{born:%Y%m%d}{order:03}")
        row = [codes[of(at)], str(YEAR), pupil, "小学", GRADES[grade], str(at % 8 + 1) if at % 33 else "",
               "男" if order % 2 else "女", f"{born:%Y-%m-%d}", "是" if at % 7 == 0 else "否", "否", "升级"]
        fault = None
        if FAULTY and at % FAULTY == FAULTY - 1:
            fault = ["checksum", "grade", "range", "duplicate"][at // FAULTY % 4]
            if fault == "checksum":
                row[2] = wrong(pupil)
            elif fault == "grade":
                row[4] = "九年级"
            elif fault == "range":
                row[5] = "120"
            else:
                row[:] = before
        else:
            before = list(row)
        yield row, fault


def letters(column):
    return chr(ord("A") + column)


def workbook(table, path):
    """As spreadsheet programs write it: texts once, in a list that cells point into."""
    places, sheet = {}, []
    for at, row in enumerate(table, 1):
        cells = []
        for column, text in enumerate(row):
            if not text:
                continue
            if at > 1 and column in (1, 5):
                cells.append(f'<c r="{letters(column)}{at}"><v>{text}</v></c>')
            else:
                place = places.setdefault(text, len(places))
                cells.append(f'<c r="{letters(column)}{at}" t="s"><v>{place}</v></c>')
        sheet.append(f'<row r="{at}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    texts = "".join(f"<si><t>{escape(it)}</t></si>" for it in places)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="enrolments" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" uniqueCount="{len(places)}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(sheet)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            archive.writestr(name, head + text)


def main():
    table, faults = [], 0
    for row, fault in rows():
        table.append(row)
        faults += fault is not None
    if PARTS:
        each = ROWS // PARTS
        for part in range(PARTS):
            write([HEADER, *table[part * each:(part + 1) * each]], OUT.with_stem(f"{OUT.stem}-{part}"))
        print(json.dumps({"city": city()}))
        return
    write([HEADER, *table], OUT)
    print(json.dumps({"rows": ROWS, "refused": faults, "bytes": OUT.stat().st_size}))


def write(table, path):
    if path.suffix == ".xlsx":
        workbook(table, path)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)


main()
