"""difkit import: time and memory by the number of rows, beside sqlite3's .import, inflate and expat.

usage: python3 tests/bench/import.py DIFKIT [ROWS]

Marks: an import takes at most 1.2 x the processor time of sqlite3's .import of the same observations into the same table, with
the pragmas of a load; memory does not grow with the rows (CSV; XLSX with inline, shared and all different texts); the cells of
a workbook are read in at most 3 x of inflating and a bare pass of expat."""

import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from csv import writer
from xml.parsers import expat

PROGRAM = sys.argv[1]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def units():
    path = "/usr/share/iso-codes/json/iso_3166-1.json"
    with open(path, encoding="utf-8") as file:
        return [one["alpha_3"] for one in json.load(file)["3166-1"][:200]]


def observations(rows):
    """Unit, indicator, year and value, so that no two are the same observation."""
    names, choose, done, indicator = units(), random.Random(1), 0, 0
    while done < rows:
        for name in names:
            for year in range(2000, 2025):
                if done == rows:
                    return
                done += 1
                yield name, f"I{indicator}", year, choose.random() * 100
        indicator += 1


def csv(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("country,indicator,year,value\n")
        file.writelines(f"{unit},{indicator},{year},{value:.2f}\n" for unit, indicator, year, value in observations(rows))


def xlsx(path, rows, texts):
    """A workbook whose texts are inline, shared, or shared and all different in one column."""
    numbers = {}

    def cell(place, text):
        if texts == "inline":
            return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
        return f'<c r="{place}" t="s"><v>{numbers.setdefault(text, len(numbers))}</v></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", '<workbook xmlns:r="r"><sheets><sheet name="Data" sheetId="1" r:id="a"/></sheets>'
                      "</workbook>")
        book.writestr("xl/_rels/workbook.xml.rels", '<R><Relationship Id="a" Type="x/worksheet" Target="worksheets/'
                      'sheet1.xml"/><Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></R>')
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            heading = "".join(cell(f"{letter}1", name) for letter, name in
                              zip("ABCDE", ("country", "indicator", "year", "value", "note")))
            sheet.write(f'<worksheet><sheetData><row r="1">{heading}</row>'.encode())
            for i, (unit, indicator, year, value) in enumerate(observations(rows), 2):
                note = f"note {i}" if texts == "all different" else "a note"
                sheet.write((f'<row r="{i}">{cell(f"A{i}", unit)}{cell(f"B{i}", indicator)}<c r="C{i}"><v>{year}</v></c>'
                             f'<c r="D{i}"><v>{value:.2f}</v></c>{cell(f"E{i}", note)}</row>').encode())
            sheet.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w") as strings:
            strings.write(("<sst>" + "".join(f"<si><t>{text}</t></si>" for text in numbers) + "</sst>").encode())


def apart(make, *arguments):
    """Makes a file in another process: what this one needs would count as memory of the commands that it starts."""
    child = os.fork()
    if child == 0:
        make(*arguments)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        raise SystemExit("a file could not be made")


def run(*command, environment=None):
    """Seconds of processor time and MB of memory of a command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def make_peer(folder):
    """What sqlite3 is to do: the same table, key and pragmas, and a CSV of the observations as they were imported. An empty
    cell is no number and no flag to .import: a zero and a flag stand there."""
    database = sqlite3.connect(f"{folder}/big.db")
    table = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'observation'").fetchone()[0]
    columns = ", ".join("'A'" if name == "flag" else f"coalesce({name}, 0)" if kind == "REAL" else name
                        for _, name, kind, *_ in database.execute("PRAGMA table_info(observation)"))
    order = "CAST(substr(place, 1, instr(place, ':') - 1) AS INTEGER)"
    with open(f"{folder}/rows.csv", "w", encoding="utf-8", newline="") as file:
        writer(file, lineterminator="\n").writerows(database.execute(f"SELECT {columns} FROM observation ORDER BY {order}"))
    database.close()
    with open(f"{folder}/import.sql", "w", encoding="utf-8") as file:
        file.write("PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;\n"
                   "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8000; PRAGMA secure_delete = OFF;\n"
                   f"PRAGMA foreign_keys = OFF;\n{table};\nBEGIN;\n.import --csv {folder}/rows.csv observation\nCOMMIT;\n")


def beside_sqlite(folder, rows):
    apart(csv, f"{folder}/big.csv", rows)
    with open(f"{folder}/f.yaml", "w", encoding="utf-8") as file:
        file.write("framework: {id: f, title: F}\n")
    ratios = []
    for number in range(5):
        run(PROGRAM, "load", f"{folder}/f.yaml", "-o", f"{folder}/big.db")
        ours, memory = run(PROGRAM, "import", f"{folder}/big.csv", "--into", f"{folder}/big.db")
        if number == 0:
            apart(make_peer, folder)
        if os.path.exists(f"{folder}/peer.db"):
            os.remove(f"{folder}/peer.db")
        peer, _ = run("sqlite3", "-init", f"{folder}/import.sql", f"{folder}/peer.db", ".quit")
        ratios.append(ours / peer)
    count = sqlite3.connect(f"{folder}/peer.db").execute("SELECT count(*) FROM observation").fetchone()[0]
    assert count == rows, f"sqlite3 imported {count} of {rows} rows"
    print(f"import of {rows} observations (CSV) into a database: {ours:.2f} s, {memory:.0f} MB; processor time "
          f"{statistics.median(ratios):.2f} x of sqlite3 .import ({peer:.2f} s), best {min(ratios):.2f}; mark 1.2 x")


def memory(folder, rows):
    for what, make in [("CSV", csv)] + [(f"XLSX, texts {texts}", lambda path, n, texts=texts: xlsx(path, n, texts))
                                        for texts in ("inline", "shared", "all different")]:
        taken = []
        for n in (rows // 10, rows):
            path = f"{folder}/m.{'csv' if what == 'CSV' else 'xlsx'}"
            apart(make, path, n)
            taken.append(run(PROGRAM, "import", path))
        print(f"{what}: {taken[0][1]:.0f} MB for {rows // 10} rows, {taken[1][1]:.0f} MB for {rows}; "
              f"{taken[1][0]:.1f} s of processor time")


def cells(folder, rows):
    path = f"{folder}/cells.xlsx"
    apart(xlsx, path, rows, "shared")
    code = f'local f = assert(require("difkit.format.read").open "{path}") assert(f:keep():size() > 0)'
    environment = dict(os.environ, LUA_PATH=f"{ROOT}/scripts/?.lua;{ROOT}/scripts/?/init.lua;;",
                       LUA_CPATH=f"{os.path.dirname(PROGRAM)}/lua/?.so;;")
    ours = min(run("lua5.4", "-e", code, environment=environment)[0] for _ in range(3))
    bare = []
    for _ in range(3):
        begin = time.process_time()
        with zipfile.ZipFile(path) as book:
            parser = expat.ParserCreate()
            with book.open("xl/worksheets/sheet1.xml") as sheet:
                while block := sheet.read(1 << 16):
                    parser.Parse(block)
        bare.append(time.process_time() - begin)
    print(f"{5 * rows} cells of a workbook: {ours:.2f} s, {ours / min(bare):.2f} x of inflate and a bare pass of expat "
          f"({min(bare):.2f} s); mark 3 x")


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rows = int(float(sys.argv[2])) if len(sys.argv) > 2 else 1000000
    with tempfile.TemporaryDirectory() as folder:
        beside_sqlite(folder, rows)
        memory(folder, rows // 4)
        cells(folder, rows // 5)


main()
