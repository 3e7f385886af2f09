"""What files cost: CSV of a million rows beside the sqlite3 shell, workbooks of growing length (time and memory), the
explorer, pictures. Everything is run in turn, round after round; medians are printed.

usage: python3 tests/bench/exports.py [DIFKIT] [ROUNDS]

Marks: CSV of 1e6 rows no slower than `sqlite3 -csv`; the memory of a workbook does not grow with its rows; the explorer of
the bundled data below 400 KB. How soon its page is interactive is measured in tests/browser.
"""
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

difkit = sys.argv[1] if len(sys.argv) > 1 else "build/release/difkit"
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
folder = tempfile.mkdtemp()


def path(name):
    return os.path.join(folder, name)


def make_database(rows):
    """A database as `difkit load` makes it, with one table more."""
    name = path(f"rows-{rows}.db")
    subprocess.run([difkit, "load", "data/asean-dif", "-o", name], check=True, stdout=subprocess.DEVNULL)
    db = sqlite3.connect(name)
    db.execute("CREATE TABLE line(id TEXT, count INTEGER, score REAL, text TEXT)")
    db.executemany("INSERT INTO line VALUES (?, ?, ?, ?)",
                   ((f"DOC.T{i % 20}.{i}", i, i * 0.37, f"an action, number {i}") for i in range(1, rows + 1)))
    db.commit()
    db.close()
    return name


def script(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
    return path(name)


def peak(child):
    """The most memory that a running process has had, in MB."""
    try:
        with open(f"/proc/{child}/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0.0


def timed(words, output=None):
    """Seconds and peak memory in MB of a program. The memory is looked up while it runs: what the system keeps of a child
    begins with the size of its parent."""
    target = output or "/dev/null"
    begin = time.perf_counter()
    child = os.posix_spawnp(words[0], words, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)])
    memory = 0.0
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        memory = max(memory, peak(child))
        time.sleep(0.001)
    if status != 0:
        sys.exit(f"{' '.join(words)}: failed")
    return time.perf_counter() - begin, memory


def lua(name, ending):
    return script(name, 'local db = assert(require("difkit").open())\n'
                  f'assert(db:query("SELECT id, count, score, text FROM line"):write "out.{ending}")\n')


databases = {rows: make_database(rows) for rows in (10000, 100000, 1000000)}
csv, xlsx = lua("csv.lua", "csv"), lua("xlsx.lua", "xlsx")
pictures = script("pictures.lua", """local difkit = require "difkit"
local db = assert(difkit.open())
for i = 1, 20 do
   difkit.chart.heatmap(db:actions(), {row = "topic_title", column = "document", group = "area_title"}):svg()
end
""")
run = [difkit, "run", "--out", path("out")]
commands = {
    "sqlite3 -csv, 1e6 rows": (["sqlite3", "-csv", databases[1000000], "SELECT id, count, score, text FROM line"],
                               path("peer.csv")),
    "difkit, CSV of 1e6 rows": (run + [csv, "--db", databases[1000000]], None),
    "difkit, XLSX of 1e4 rows": (run + [xlsx, "--db", databases[10000]], None),
    "difkit, XLSX of 1e5 rows": (run + [xlsx, "--db", databases[100000]], None),
    "difkit, XLSX of 1e6 rows": (run + [xlsx, "--db", databases[1000000]], None),
    "difkit run explorer": (run + ["explorer"], None),
    "difkit, 20 heat maps of 244 actions": (run + [pictures], None),
}
found = {name: [] for name in commands}
for _ in range(rounds):
    for name, (words, output) in commands.items():
        found[name].append(timed(words, output))

print(f"{'median of ' + str(rounds) + ' rounds':38} {'s':>8} {'peak MB':>9}")
middle = {}
for name, values in found.items():
    middle[name] = tuple(statistics.median(column) for column in zip(*values))
    print(f"{name:38} {middle[name][0]:8.3f} {middle[name][1]:9.1f}")
ratio = middle["difkit, CSV of 1e6 rows"][0] / middle["sqlite3 -csv, 1e6 rows"][0]
growth = middle["difkit, XLSX of 1e5 rows"][1] - middle["difkit, XLSX of 1e4 rows"][1]
size = os.path.getsize(path("out/explorer.html"))
print(f"CSV: {ratio:.2f} of the time of sqlite3 -csv (mark: at most 1)")
print(f"XLSX: {growth:+.1f} MB from 1e4 to 1e5 rows (mark: none)")
print(f"explorer: {size / 1024:.0f} KB (mark: 400)")
shutil.rmtree(folder)
