#!/usr/bin/env python3
"""Measures loading: ratios to the bare libyaml event scan and to PyYAML + sqlite3, and memory over a growing CSV file.

usage: tests/bench/load.py [--program build/release/difkit] [--rounds 5] [--quick]

Everything is generated, always in the same way, in a temporary folder. Each ratio is the median of rounds in which both
sides run one after the other. Marks: at most 3 times the scan and at least 15 times as fast as Python at 60 MB; peak
memory does not grow with the number of observations."""
import argparse
import os
import platform
import random
import shutil
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


def generate_csv(folder, rows):
    units, years = 200, 50
    indicators = rows // (units * years)
    with open(os.path.join(folder, "framework.yaml"), "w", encoding="utf-8") as file:
        file.write("framework: {id: generated, title: A generated framework}\nunits:\n")
        file.writelines(f"  - {{id: U{i:03}, title: Unit {i}}}\n" for i in range(units))
        file.write("indicators:\n")
        file.writelines(f"  - {{id: i{i:03}, title: Indicator {i}, direction: 1}}\n" for i in range(indicators))
        file.write("observations: {csv: observations.csv, source: generated}\n")
    choose = random.Random(7)
    with open(os.path.join(folder, "observations.csv"), "w", encoding="utf-8") as file:
        file.write("indicator,unit,period,value,flag\n")
        for year in range(years):
            for i in range(indicators):
                file.writelines(f"i{i:03},U{u:03},{1970 + year},{choose.random() * 100:.4f},\n" for u in range(units))


def run(*command):
    """Seconds and peak memory in bytes of a process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss * 1024


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
        seconds, memory = run(options.program, "load", folder, "-o", out)
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
            seconds, memory = run(options.program, "load", folder, "-o", os.path.join(temporary, "csv.db"))
            peaks.append(memory)
            print(f"CSV of {rows} observations ({megabytes(folder):.1f} MB): {seconds:.3f} s, "
                  f"{seconds / rows * 1e9:.0f} ns a row, peak {memory / 1e6:.1f} MB")
        print(f"  peak memory, most / least rows: {peaks[1] / peaks[0]:.2f}")
    finally:
        shutil.rmtree(temporary)


main()
