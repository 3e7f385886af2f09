#!/usr/bin/env python3
"""Measures loading: ratios to the bare libyaml event scan and to PyYAML + sqlite3, and memory over a growing CSV file.

usage: tests/bench/load.py [--program build/release/difkit] [--rounds 5] [--quick]

Everything is generated, always in the same way, in a temporary folder. Each ratio is the median of rounds in which both
sides run one after the other. Marks: at most 3 times the scan and at least 15 times as fast as Python at 60 MB; peak
memory does not grow with the number of observations, whose load takes at most 1.2 times the processor time of sqlite3's
`.import`, also with units matched by name."""
import argparse
import csv
import json
import os
import platform
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORDS = """develop implement regional digital integration framework trade electronic commerce agreement member states promote
enhance cooperation data protection personal privacy cross-border payment systems interoperability standards guidelines
adoption cybersecurity capacity building small medium enterprises logistics customs procedures facilitation services
infrastructure broadband accessibility identity authentication consumer competition policy review mechanism monitor conduct
study establish platform support national laws regulations harmonise the of and to in for on with a by through best practices
talent skills education innovation start-ups financing""".split()


def generate_yaml(folder, size, documents=5, topics=400):
    """A framework of `size` bytes: `documents` files, every action on a line of its own."""
    choose = random.Random(7)
    syllables = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
    words = WORDS + ["".join(choose.choices(syllables, k=choose.randint(2, 4))) for _ in range(3000)]
    weights = [1 / (i + 3) for i in range(len(words))]
    cumulative, total = [], 0.0
    for weight in weights:
        total += weight
        cumulative.append(total)
    names = [f"topic-{i + 1}" for i in range(topics)]
    with open(os.path.join(folder, "framework.yaml"), "w", encoding="utf-8") as file:
        file.write("framework: {id: generated, title: A generated framework}\nareas:\n")
        for area in range(8):
            file.write(f"  - id: A{area + 1}\n    number: {area + 1}\n    title: Area {area + 1}\n    topics:\n")
            for name in names[area::8]:
                file.write(f"      - {{id: {name}, title: About {name}}}\n")
    for document in range(documents):
        written, line = 0, 0
        each = size // documents // topics
        with open(os.path.join(folder, f"document{document + 1}.yaml"), "w", encoding="utf-8") as file:
            file.write(f"document: {{id: D{document + 1}, title: Document {document + 1}, start: 2019, end: 2025}}\nactions:\n")
            for number, name in enumerate(names):
                file.write(f"  {name}:\n")
                written, position = 0, 0
                while written < each:
                    position += 1
                    line += 1
                    text = " ".join(choose.choices(words, cum_weights=cumulative, k=choose.randint(6, 24))).capitalize()
                    record = (f"    - {{id: D{document + 1}.T{number + 1}.{position}, number: {position}, line: {line}, "
                              f'text: "{text}."}}\n')
                    file.write(record)
                    written += len(record)


def countries():
    """Names and codes of 200 countries, from the table of the distribution that difkit is built with."""
    with open("/usr/share/iso-codes/json/iso_3166-1.json", encoding="utf-8") as file:
        found = json.load(file)["3166-1"]
    plain = [country for country in found if country["alpha_3"] != "COG"]  # "Congo" means two countries
    return [(country["alpha_3"], country.get("common_name", country["name"])) for country in plain[:200]]


def generate_csv(folder, rows, named=False):
    """Observations of 200 units in 50 years; units by the names of countries when `named`."""
    units = countries() if named else [(f"U{i:03}", f"U{i:03}") for i in range(200)]
    years = 50
    indicators = rows // (len(units) * years)
    with open(os.path.join(folder, "framework.yaml"), "w", encoding="utf-8") as file:
        file.write("framework: {id: generated, title: A generated framework}\nunits:\n")
        file.writelines(f'  - {{id: {code}, title: "{name}"}}\n' for code, name in units)
        file.write("indicators:\n")
        file.writelines(f"  - {{id: i{i:03}, title: Indicator {i}, direction: 1}}\n" for i in range(indicators))
        file.write(f"observations: {{csv: observations.csv, source: generated{', units: names' if named else ''}}}\n")
    choose = random.Random(7)
    with open(os.path.join(folder, "observations.csv"), "w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(("indicator", "unit", "period", "value", "flag"))
        for year in range(years):
            for i in range(indicators):
                write.writerows((f"i{i:03}", name, 1970 + year, f"{choose.random() * 100:.4f}", "A") for _, name in units)


def run(*command):
    """Seconds, peak memory in bytes and processor time of a process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime


def scan(program, folder):
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".yaml"))
    return float(subprocess.run([program, *files], check=True, capture_output=True, text=True).stdout.split()[0])


def megabytes(folder):
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)) / 1e6


def compare(label, folder, options, scanner, rounds, peer_rounds):
    out = os.path.join(os.path.dirname(folder), "out.db")
    scans, loads, peers, peak = [], [], [], 0
    for number in range(rounds):
        scans.append(scan(scanner, folder))
        seconds, memory, _ = run(options.program, "load", folder, "-o", out)
        loads.append(seconds)
        peak = max(peak, memory)
        if number < peer_rounds:
            peers.append(run(sys.executable, os.path.join(HERE, "load_peer.py"), folder, out + ".peer")[0])
    ratio = statistics.median(load / scanned for load, scanned in zip(loads, scans))
    faster = statistics.median(peer / load for peer, load in zip(peers, loads))
    print(f"{label}: scan {statistics.median(scans):.3f} s, load {statistics.median(loads):.3f} s, "
          f"PyYAML + sqlite3 {statistics.median(peers):.3f} s; load peak {peak / 1e6:.0f} MB")
    print(f"  load / scan: {ratio:.2f} (best {min(a / b for a, b in zip(loads, scans)):.2f})")
    print(f"  PyYAML / load: {faster:.1f}")
    return ratio, faster


def beside_import(options, temporary, rows):
    """Processor time of a load beside that of sqlite3's own `.import` of the same rows into the same table, with the same
    pragmas, in the order of the file."""
    for named in (False, True):
        folder = os.path.join(temporary, f"import{int(named)}")
        os.mkdir(folder)
        generate_csv(folder, rows, named)
        loaded, peer = os.path.join(folder, "loaded.db"), os.path.join(folder, "peer.db")
        run(options.program, "load", folder, "-o", loaded)
        database = sqlite3.connect(loaded)
        table = database.execute("SELECT sql FROM sqlite_schema WHERE name = 'observation'").fetchone()[0]
        # An empty cell is no number to .import: a zero stands there.
        columns = ", ".join(f"coalesce({name}, 0)" if kind == "REAL" else name
                            for _, name, kind, *_ in database.execute("PRAGMA table_info(observation)"))
        order = "CAST(substr(origin, instr(origin, ':') + 1) AS INTEGER)"
        with open(os.path.join(folder, "rows.csv"), "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(database.execute(f"SELECT {columns} FROM observation ORDER BY {order}"))
        database.close()
        with open(os.path.join(folder, "import.sql"), "w", encoding="utf-8") as file:
            file.write("PRAGMA page_size = 8192; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;\n"
                       "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8000; PRAGMA secure_delete = OFF;\n"
                       f"PRAGMA foreign_keys = OFF;\n{table};\nBEGIN;\n.import --csv {folder}/rows.csv observation\nCOMMIT;\n")
        ratios = []
        for _ in range(options.rounds):
            if os.path.exists(peer):
                os.remove(peer)
            peers = run("sqlite3", "-init", os.path.join(folder, "import.sql"), peer, ".quit")[2]
            ratios.append(run(options.program, "load", folder, "-o", loaded)[2] / peers)
        count = sqlite3.connect(peer).execute("SELECT count(*) FROM observation").fetchone()[0]
        assert count == rows, f"sqlite3 imported {count} of {rows} rows"
        print(f"CSV of {rows} observations{', units by name' if named else ''}, processor time: load / sqlite3 .import "
              f"{statistics.median(ratios):.2f} (best {min(ratios):.2f})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(ROOT, "build/release/difkit"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="1 MB and a small CSV file only")
    options = parser.parse_args()
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}")
    temporary = tempfile.mkdtemp(prefix="difkit-bench-")
    try:
        scanner = os.path.join(temporary, "scan")
        subprocess.run(["cc", "-std=c11", "-O2", "-o", scanner, os.path.join(HERE, "scan.c"), "-lyaml"], check=True)
        for label, size, rounds, peers in (("1 MB", 1_000_000, 4 * options.rounds, options.rounds),
                                           ("60 MB", 60_000_000, options.rounds, 1)):
            if options.quick and size > 1_000_000:
                continue
            folder = os.path.join(temporary, label.replace(" ", ""))
            os.mkdir(folder)
            generate_yaml(folder, size)
            compare(f"{label} of YAML ({megabytes(folder):.1f} MB)", folder, options, scanner, rounds, peers)
        peaks = []
        for rows in (100_000, 200_000) if options.quick else (100_000, 1_000_000):
            folder = os.path.join(temporary, f"csv{rows}")
            os.mkdir(folder)
            generate_csv(folder, rows)
            seconds, memory, _ = run(options.program, "load", folder, "-o", os.path.join(temporary, "csv.db"))
            peaks.append(memory)
            print(f"CSV of {rows} observations ({megabytes(folder):.1f} MB): {seconds:.3f} s, "
                  f"{seconds / rows * 1e9:.0f} ns a row, peak {memory / 1e6:.1f} MB")
        print(f"  peak memory, most / least rows: {peaks[1] / peaks[0]:.2f}")
        beside_import(options, temporary, 200_000 if options.quick else 1_000_000)
    finally:
        shutil.rmtree(temporary)


if __name__ == "__main__":
    main()
