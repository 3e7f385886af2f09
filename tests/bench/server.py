#!/usr/bin/env python3
"""Measures a database on a server against what psql does on the same: ratios of one run, which say something on a machine
of any speed.

usage: tests/support/server tests/bench/server.py [--program build/release/difkit] [--rows 1e6] [--rounds 3]

Marks: load at most 1.3 times `\\copy` into the same table with its keys and references; scoring in the database at most
1.05 times the same SQL in psql (at 1e7 rows); memory under 100 MB; the same scores from a file and the server, computed here
and there, to 12 digits."""
import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SERVER, PSQL = os.environ.get("DIFKIT_SERVER"), os.environ.get("PSQL", "psql")
UNITS, PERIODS = 500, 40


def generate(folder, rows):
    indicators = max(1, rows // (UNITS * PERIODS))
    choose = random.Random(3)
    with open(os.path.join(folder, "bench.yaml"), "w", encoding="utf-8") as file:
        file.write("framework: {id: bench, title: Bench}\nunits:\n")
        file.writelines(f"  - {{id: U{u:04d}, title: Unit {u}}}\n" for u in range(UNITS))
        file.write("indicators:\n")
        file.writelines(f"  - {{id: I{i:03d}, title: Indicator {i}, direction: 1}}\n" for i in range(indicators))
        file.write("observations:\n  csv: bench.csv\n")
    with open(os.path.join(folder, "bench.csv"), "w", encoding="utf-8") as file:
        file.write("indicator,unit,period,value\n")
        for i in range(indicators):
            for u in range(UNITS):
                file.writelines(f"I{i:03d},U{u:04d},{1981 + p},{choose.random():.15g}\n" for p in range(PERIODS))
    return indicators


def timed(words, **more):
    """Seconds of wall time, the most memory of the children so far in MB, and what was printed."""
    begin = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        sys.exit(f"{words}: {done.stderr}")
    return time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout


def psql(*commands):
    words = [PSQL, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", SERVER]
    for command in commands:
        words += ["-c", command]
    return timed(words)


def say(what, seconds, peer, mark):
    ratio = statistics.median(a / b for a, b in zip(seconds, peer))
    print(f"{what:34} {statistics.median(seconds):7.2f} s  {statistics.median(peer):7.2f} s  {ratio:5.2f} × (mark {mark})",
          flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default="build/release/difkit")
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if not SERVER:
        sys.exit("run it beside a server: tests/support/server tests/bench/server.py")
    with tempfile.TemporaryDirectory() as folder:
        indicators = generate(folder, int(given.rows))
        measure(given.program, given.rounds, folder, indicators)


def measure(program, rounds, folder, indicators):
    csv, file = os.path.join(folder, "bench.csv"), os.path.join(folder, "bench.db")
    timed([program, "load", folder, "-o", SERVER])
    psql("CREATE TABLE public.peer (LIKE difkit.observation INCLUDING ALL)",
         "ALTER TABLE public.peer ADD FOREIGN KEY (indicator_id) REFERENCES difkit.indicator (id)",
         "ALTER TABLE public.peer ADD FOREIGN KEY (unit_id) REFERENCES difkit.unit (id)")
    load, copy = [], []
    for _ in range(rounds):
        psql("DROP TABLE IF EXISTS public.peer CASCADE")
        load.append(timed([program, "load", folder, "-o", SERVER])[0])
        psql("CREATE TABLE public.peer (LIKE difkit.observation INCLUDING ALL)",
             "ALTER TABLE public.peer ADD FOREIGN KEY (indicator_id) REFERENCES difkit.indicator (id)",
             "ALTER TABLE public.peer ADD FOREIGN KEY (unit_id) REFERENCES difkit.unit (id)")
        copy.append(psql(f"\\copy public.peer (indicator_id, unit_id, period, value) FROM '{csv}' CSV HEADER")[0])
    say("load, \\copy into keyed table", load, copy, 1.3)
    psql("DROP TABLE IF EXISTS public.peer CASCADE")
    timed([program, "copy", "--from", SERVER, "--to", file])
    moved, moved_peer = [], []
    for _ in range(rounds):
        moved.append(timed([program, "copy", "--from", file, "--to", SERVER])[0])
        psql("CREATE TABLE public.peer (LIKE difkit.observation INCLUDING ALL)",
             "ALTER TABLE public.peer ADD FOREIGN KEY (indicator_id) REFERENCES difkit.indicator (id)",
             "ALTER TABLE public.peer ADD FOREIGN KEY (unit_id) REFERENCES difkit.unit (id)")
        moved_peer.append(psql(f"\\copy public.peer (indicator_id, unit_id, period, value) FROM '{csv}' CSV HEADER")[0])
        psql("DROP TABLE IF EXISTS public.peer CASCADE")
    say("copy from a file, \\copy", moved, moved_peer, 1.3)
    score(program, rounds, file, indicators)


def score(program, rounds, file, indicators):
    children = ", ".join(f'"I{i:03d}"' for i in range(indicators))
    head = f'local index = difkit.index{{id = "x", periods = "all", reference = "period", children = {{{children}}}}} '
    sql = timed([program, "run", "--db", SERVER, "-e",
                 head + 'for _, row in ipairs(index:plan(difkit.open())) do if row.stage == "aggregate" then return row.sql end end'])[2]
    there, typed = [], []
    for _ in range(rounds):
        seconds, memory, _ = timed([program, "run", "--db", SERVER, "--time", "3600", "-e",
                                    head + 'return #index:compute(difkit.open(), {where = "database"}):ranks()'])
        there.append(seconds)
        typed.append(psql("SET search_path = difkit; " + sql)[0])
    say("scoring there, its SQL in psql", there, typed, 1.05)
    print(f"{'the most memory of a child':34} {memory:7.0f} MB (mark 100; loading among them)")
    show = head + """local made = index:compute(difkit.open(), %s)
        for _, row in ipairs(made:scores()) do print(("%%s %%s %%.12g"):format(row.unit, row.period, row.score)) end"""
    texts = {timed([program, "run", "--time", "3600", "--db", db, "-e", show % options])[2]
             for db in (file, SERVER) for options in ("{}", '{where = "database"}')}
    print("scores of file and server, here and there:", "the same to 12 digits" if len(texts) == 1 else "DIFFER")
    threads = {n: [] for n in (1, 2)}
    for _ in range(rounds):
        for n, list_of in threads.items():
            list_of.append(timed([program, "run", "--threads", str(n), "--time", "3600", "--db", file, "-e",
                                  head + "return #index:compute(difkit.open()):ranks()"])[0])
    say("from a file: two threads, one", threads[2], threads[1], "below 1")


if __name__ == "__main__":
    main()
