"""How long the smallest run takes: `difkit run` of an empty script, and one that opens the bundled data, beside the starts of
lua5.4 and python3. Every command is run in turn, round after round, so that a busy moment of the machine hits all alike;
medians and their ratios are printed.

usage: python3 tests/bench/startup.py [DIFKIT] [ROUNDS]

Marks: `difkit run` that opens the bundled data takes less than 20 ms, and less than a tenth of python3 importing yaml and
sqlite3.
"""
import os
import statistics
import sys
import tempfile
import time

difkit = sys.argv[1] if len(sys.argv) > 1 else "build/release/difkit"
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 40
# The interpreter itself, not a shell script that looks for it.
python = os.path.realpath(sys.executable)

scripts = tempfile.mkdtemp()


def script(name, text):
    path = os.path.join(scripts, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


empty = script("empty.lua", "")
opening = script("opening.lua", 'assert(require("difkit").open():query("SELECT count(*) FROM action"):value() == 244)')

commands = {
    "difkit run, empty script": [difkit, "run", empty],
    "difkit run, bundled data opened and asked": [difkit, "run", opening],
    "difkit run coverage": [difkit, "run", "coverage"],
    "difkit --version": [difkit, "--version"],
    "lua5.4 -e ''": ["/usr/bin/lua5.4", "-e", ""],
    "python3 -c ''": [python, "-c", ""],
    "python3 -c 'import yaml, sqlite3'": [python, "-c", "import yaml, sqlite3"],
}

nowhere = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
times = {name: [] for name in commands}
for _ in range(rounds):
    for name, words in commands.items():
        begin = time.perf_counter()
        child = os.posix_spawn(words[0], words, os.environ, file_actions=nowhere)
        _, status = os.waitpid(child, 0)
        times[name].append(time.perf_counter() - begin)
        if status != 0:
            sys.exit(f"{' '.join(words)}: failed")

median = {name: statistics.median(values) * 1000 for name, values in times.items()}
peer = median["python3 -c 'import yaml, sqlite3'"]
print(f"{'median of ' + str(rounds) + ' rounds':44} {'ms':>7}  {'of python3 with yaml and sqlite3':>8}")
for name, value in median.items():
    print(f"{name:44} {value:7.2f}  {value / peer:8.3f}")
ours = median["difkit run, bundled data opened and asked"]
print(f"\nmark, under 20 ms: {'reached' if ours < 20 else 'missed'}")
print(f"mark, under a tenth of python3 with yaml and sqlite3: {'reached' if ours < peer / 10 else 'missed'}")
for path in (empty, opening):
    os.remove(path)
os.rmdir(scripts)
