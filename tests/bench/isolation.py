"""What the walls cost: each command with isolation and without, in turn, round after round.

usage: python3 tests/bench/isolation.py [DIFKIT] [ROUNDS]

Marks: isolation adds at most 3 ms to `difkit run -e` and 2 ms a case to `difkit test`; a million rows of CSV on standard
output take at most 1.05 times as long, and both processes together at most 1.2 times the memory. Times are
processor time of both processes, which says the same on a loaded machine; medians of the rounds and the best. Memory is
what both hold at the same moment, with what they share counted once (Pss). Ends with 1 when a mark is missed.
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

difkit = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/release/difkit")
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 25
CASES, ROWS = 20, 1000000
folder = tempfile.mkdtemp()
missed = []


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def once(words):
    begin = processor()
    subprocess.run([difkit, *words], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return (processor() - begin) * 1000


def compare(name, words, times, count):
    """Milliseconds with isolation and without: medians and best."""
    found = {"auto": [], "off": []}
    for _ in range(times):
        for how, list_of in found.items():
            list_of.append(once([words[0], f"--isolation={how}", *words[1:]]))
    middle = {how: statistics.median(values) for how, values in found.items()}
    best = {how: min(values) for how, values in found.items()}
    print(f"{name:34} {middle['auto']:9.2f} {middle['off']:9.2f} ms   best {best['auto']:9.2f} {best['off']:9.2f} ms"
          f"   more {(middle['auto'] - middle['off']) / count:6.2f}, at best {(best['auto'] - best['off']) / count:6.2f} ms")
    return middle, best


def hold(name, value, mark):
    print(f"{name:60} {value:7.3f}  mark {mark}")
    if value > mark:
        missed.append(name)


def children(process):
    try:
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def held(process):
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def memory(words):
    """The most KiB of both processes together, as far as they were seen."""
    with subprocess.Popen([difkit, *words], cwd=folder, stdout=subprocess.DEVNULL) as run:
        most = 0
        while run.poll() is None:
            most = max(most, sum(held(process) for process in [run.pid, *children(run.pid)]))
            time.sleep(0.005)
        return most


write("x.lua", "---@script x\nreturn require('difkit').table({'a'}, {{1}})\n")
os.mkdir(os.path.join(folder, "tests"))
for number in range(CASES):
    write(f"tests/x{number}.csv", "a\n1\n")
listed = ", ".join('{name = "%d", golden = "x%d.csv"}' % (number, number) for number in range(CASES))
write("tests/x.test.lua", 'return {script = "../x.lua", %s}\n' % listed)
rows = f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
SELECT i, i * 7 % 1000 / 10.0 AS x, 'row ' || i AS name FROM n"""

print(f"{'':34} {'with':>9} {'without':>9}")
median, best = compare("run -e 1", ["run", "-e", "1"], rounds, 1)
hold("run -e 1: ms more", min(median["auto"] - median["off"], best["auto"] - best["off"]), 3)
median, best = compare(f"test, {CASES} cases", ["test"], max(rounds // 3, 5), CASES)
hold("test: ms a case more", min(median["auto"] - median["off"], best["auto"] - best["off"]) / CASES, 2)
words = ["sql", rows, "--format", "csv"]
median, best = compare("1e6 rows of CSV", words, max(rounds // 3, 5), 1)
hold("1e6 rows of CSV: times", min(median["auto"] / median["off"], best["auto"] / best["off"]), 1.05)
peak = {how: min(memory([words[0], f"--isolation={how}", *words[1:]]) for _ in range(3)) for how in ("auto", "off")}
print(f"1e6 rows of CSV: {peak['auto'] / 1024:.1f} MiB with, {peak['off'] / 1024:.1f} MiB without")
hold("1e6 rows of CSV: times the memory", peak["auto"] / peak["off"], 1.2)
if missed:
    sys.exit("missed: " + ", ".join(missed))
