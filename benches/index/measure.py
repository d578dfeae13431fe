"""How fast `detente index` reads, next to DuckDB and Polars that make the same table of the same file.

    cargo build --release
    python -m venv venv && venv/bin/pip install duckdb polars
    venv/bin/python benches/index/measure.py

Makes a file of GDELT rows repeated over other days in a temporary directory, measures each program on one and on two
threads in turn, under both models and, with --before, beside an earlier binary, checks that the tables agree, and removes
the file. Rows are those of ../shared/data where they are at hand,
else those of tests/event_data. Source of the rows: the GDELT Project, https://www.gdeltproject.org/.
"""

import argparse
import csv
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ROWS = [
    ROOT / "../shared/data/20190121220000.export.CSV",
    ROOT / "tests/event_data/gdelt-2019-01-21.tsv",
]


def write(path, wanted):
    """Rows over and over, each time on the next day, until there are so many bytes."""
    rows = next(rows for rows in ROWS if rows.exists()).read_bytes().splitlines()
    rows = [row.split(b"\t") for row in rows]
    day, written, count = datetime.date(2015, 2, 19), 0, 0
    with open(path, "wb") as out:
        while written < wanted:
            text = day.strftime("%Y%m%d").encode()
            for row in rows:
                row[1], row[2], row[3], row[59] = text, text[:6], text[:4], text + b"220000"
            block = b"\n".join(b"\t".join(row) for row in rows) + b"\n"
            out.write(block)
            written, count, day = written + len(block), count + len(rows), day + datetime.timedelta(1)
    return written, count


def run(command, environment):
    """Seconds on the clock, seconds of processors, and the peak of resident memory in MB."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=os.environ | environment, cwd=HERE, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    if status != 0:
        sys.exit(f"{command} ended with {status}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def same(detente, other):
    """Whether two tables agree on the dyads of countries, which the other one has: counts exactly, sums and means to a
    millionth. `detente` also reads known groups as actors."""
    with open(detente, newline="") as one, open(other, newline="") as two:
        header, *ours = csv.reader(one)
        theirs = list(csv.reader(two))
    wanted = ["dyad", "month", "events"] + header[5:13] + ["conflict_share", "weight_sum", "weight_mean"]
    places = [header.index(name) for name in wanted]
    dyads = {row[0] for row in theirs}
    ours = [[row[place] for place in places] for row in ours if row[0] in dyads]
    close = lambda a, b: abs(float(a) - float(b)) < 1e-5
    return len(ours) == len(theirs) and all(
        a[:11] == b[:11] and all(map(close, a[11:], b[11:])) for a, b in zip(ours, theirs)
    )


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--megabytes", type=int, default=1_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--before", type=pathlib.Path, help="a binary of an earlier version, under goldstein-decay")
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        file = folder / "rows.tsv"
        size, rows = write(file, arguments.megabytes * 1_000_000)
        table = lambda name: folder / f"{name}.csv"
        detente = ROOT / "target/release/detente"
        index = lambda binary, name, model: lambda threads: (
            [binary, "index", file, "-o", table(name), "--overwrite", "--threads", str(threads), "--model", model],
            {},
        )
        before = arguments.before and {"before": index(arguments.before.resolve(), "before", "goldstein-decay")}
        programs = {
            "evidence": index(detente, "evidence", "evidence"),
            "decay": index(detente, "decay", "goldstein-decay"),
            **(before or {}),
            "duckdb": lambda threads: ([sys.executable, "duckdb_table.py", file, table("duckdb"), str(threads)], {}),
            "polars": lambda threads: (
                [sys.executable, "polars_table.py", file, table("polars")],
                {"POLARS_MAX_THREADS": str(threads)},
            ),
        }
        print(f"{size / 1e6:,.0f} MB, {rows:,} rows")
        print(f"{'':10} threads  seconds  MB/s  rows/s      times evidence  cpu seconds  times evidence  peak MB")
        for threads in (1, 2):
            best = {}
            # In turn, so that what else the machine does falls on all.
            for _ in range(arguments.rounds):
                for name, command in programs.items():
                    taken = run(*command(threads))
                    best[name] = tuple(map(min, best.get(name, taken), taken))
            for name, (seconds, cpu, peak) in best.items():
                ratio, cpu_ratio = seconds / best["evidence"][0], cpu / best["evidence"][1]
                print(
                    f"{name:10} {threads:7}  {seconds:7.2f}  {size / 1e6 / seconds:4.0f}  {rows / seconds:10,.0f}  {ratio:14.2f}"
                    f"  {cpu:11.2f}  {cpu_ratio:14.2f}  {peak:7.0f}"
                )
        for name in ("duckdb", "polars"):
            if not same(table("evidence"), table(name)):
                sys.exit(f"the tables of detente and {name} differ")
        print("all tables agree")


main()
