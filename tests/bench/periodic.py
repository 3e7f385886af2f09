"""How long the report of a scheduled job takes on the bundled data: the first report, one that compares with the snapshot of
the last, and one that finds no news; beside a bare start of difkit and of python3. Every command is run in turn, round after
round, so that a busy moment of the machine hits all alike; medians and their ratios are printed.

usage: python3 tests/bench/periodic.py [DIFKIT] [ROUNDS]

Mark: each report takes less than 150 ms.
"""
import os
import shutil
import statistics
import sys
import tempfile
import time

difkit = sys.argv[1] if len(sys.argv) > 1 else "build/release/difkit"
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
# The interpreter itself, not a shell script that looks for it.
python = os.path.realpath(sys.executable)
folder = tempfile.mkdtemp()


def periodic(name, *options):
    return [difkit, "run", "periodic", "--as-of", "2025-12-31", "--out", os.path.join(folder, name), *options]


commands = {
    "periodic, first report": periodic("first"),
    "periodic, compared with a snapshot": periodic("second"),
    "periodic, data changed": periodic("changed", "--with", os.path.join(folder, "more.yaml")),
    "periodic --if-changed, no news": periodic("silent", "--if-changed"),
    "difkit run, empty script": [difkit, "run", "-e", ""],
    "python3 -c 'import yaml, sqlite3'": [python, "-c", "import yaml, sqlite3"],
}
nowhere = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]


def run(words):
    begin = time.perf_counter()
    child = os.posix_spawn(words[0], words, os.environ, file_actions=nowhere)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit(f"{' '.join(words)}: failed")
    return time.perf_counter() - begin


with open(os.path.join(folder, "more.yaml"), "w", encoding="utf-8") as file:
    file.write("progress:\n  - {action: DIFAP.TF.1, as_of: 2025-06-30, status: completed, source: x}\n"
               "observations:\n  - {indicator: osi, unit: VNM, period: 2022, value: 0.8, source: x}\n")
for name in ("second", "changed", "silent"):
    run([difkit, "run", "periodic", "--as-of", "2025-11-30", "--out", os.path.join(folder, name)])
times = {name: [] for name in commands}
for _ in range(rounds):
    for name, words in commands.items():
        if name == "periodic, first report":
            shutil.rmtree(os.path.join(folder, "first"), ignore_errors=True)
        times[name].append(run(words))
shutil.rmtree(folder)

median = {name: statistics.median(values) * 1000 for name, values in times.items()}
peer = median["python3 -c 'import yaml, sqlite3'"]
print(f"{'median of ' + str(rounds) + ' rounds':38} {'ms':>7}  {'of python3 with yaml and sqlite3':>8}")
for name, value in median.items():
    print(f"{name:38} {value:7.2f}  {value / peer:8.3f}")
ours = max(value for name, value in median.items() if name.startswith("periodic"))
print(f"\nmark, under 150 ms: {'reached' if ours < 150 else 'missed'}")
