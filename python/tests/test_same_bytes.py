"""The package gives what the command line gives, to the byte."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import detente as dt
from conftest import ROOT, Terminal

SCENARIOS = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "scenarios").rglob("*.json")
    if not path.name.endswith(".schema.json")
)
HISTORIES = [row["name"] for row in json.loads(dt.command("histories", "--format=json").data)]
DATA = ROOT / "tests" / "event_data"
SHARED = ROOT.parent / "shared" / "data"


def same_cells(table: dt.Table) -> None:
    """Every cell of the Arrow table is that of the CSV, which has every bit of a number."""
    arrow = pa.table(table)
    text = table.to_csv()
    assert text is not None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert arrow.column_names == rows[0]
    assert arrow.num_rows == len(rows) - 1 == len(table)
    for place, column in enumerate(arrow.columns):
        texts = [row[place] for row in rows[1:]]
        for value, cell in zip(column.to_pylist(), texts):
            if cell == "":
                assert value is None
            elif isinstance(value, float):
                assert value == float(cell)
            elif isinstance(value, datetime.date):
                assert value.isoformat() == cell
            else:
                assert str(value) in (cell, cell.removeprefix("'"))


def is_chancy(path: str) -> bool:
    text = (ROOT / path).read_text()
    return any(f'"{field}"' in text for field in ("chance", "rules", "uncertain"))


@pytest.mark.parametrize("history", HISTORIES)
def test_replay(history: str, terminal: Terminal) -> None:
    log = dt.Log.shipped(history)
    trace = log.replay()
    assert trace.to_csv() == terminal("replay", history, "--format", "csv").decode()
    same_cells(trace)
    assert trace.text() == terminal("replay", history).decode()
    levels = log.levels("month", model={"half_life_words_days": 90})
    printed = terminal(
        "replay", history, "--every", "month", "--set", "half_life_words_days=90", "--format", "csv"
    )
    assert levels.to_csv() == printed.decode()
    same_cells(levels)
    state = log.state()
    printed = terminal("replay", history, "--state-only", "--format", "json")
    assert state.to_json() == printed.decode()


def test_what_was_known_on_a_day(terminal: Terminal) -> None:
    log, day = "missile-crisis-1962", "1962-12-31"
    known = ("--as-known-on", day, "--format", "csv")
    ledger = dt.why(log, dyad="SUN-USA", as_known_on=day)
    assert ledger.to_csv() == terminal("why", log, "--dyad", "SUN-USA", *known).decode()
    gaps = dt.compare(log, "recorded", as_known_on=day)
    assert gaps.to_csv() == terminal("compare", log, "recorded", *known).decode()
    with pytest.raises(dt.InputError, match="not read as known on a day"):
        dt.why("scenarios/no-call.json", as_known_on=day)


@pytest.mark.parametrize("path", SCENARIOS)
def test_scenarios(path: str, terminal: Terminal) -> None:
    scenario = dt.Scenario.open(path)
    assert scenario.run(run=3).to_json() == terminal(
        "run", path, "--run", "3", "--format", "json"
    ).decode()
    ledger = dt.why(scenario, run=3)
    assert ledger.to_csv() == terminal("why", path, "--run", "3", "--format", "csv").decode()
    same_cells(ledger)
    gaps = dt.compare("recorded", scenario)
    assert gaps.to_csv() == terminal("compare", "recorded", path, "--format", "csv").decode()
    same_cells(gaps)


@pytest.mark.parametrize("path", [path for path in SCENARIOS if is_chancy(path)])
def test_ensembles(path: str, terminal: Terminal) -> None:
    scenario = dt.Scenario.open(path)
    fan = scenario.ensemble(runs=60, threads=2)
    printed = terminal("ensemble", path, "--runs", "60", "--format", "csv")
    assert fan.to_csv() == printed.decode()
    same_cells(fan.tidy)
    parts = [scenario.ensemble(runs=60, shard=(k, 3)) for k in (2, 3, 1)]
    assert dt.merge(parts).to_csv() == printed.decode()
    assert fan.to_json() == terminal("ensemble", path, "--runs", "60", "--format", "json").decode()


def test_a_mapping_is_the_file_that_it_is_written_as(terminal: Terminal) -> None:
    path = "scenarios/summit-by-chance.json"
    fields = json.loads(terminal_json(path))
    scenario = dt.Scenario(fields)
    opened = dt.Scenario.open(path)
    cells = ("mean", "probability", "explained")
    rows, others = (
        [
            (row["dyad"], row["date"], row["outcome"], row["statistic"], row["value"])
            for row in fan.tidy.rows()
            if row["statistic"] in cells
        ]
        for fan in (scenario.ensemble(runs=500), opened.ensemble(runs=500))
    )
    assert rows == others and rows


def terminal_json(path: str) -> str:
    """A scenario file without its comments; this one has none."""
    return Path(path).read_text()


@pytest.mark.parametrize("models", ["all", None])
def test_compare_under_other_models(models: str | None, terminal: Terminal) -> None:
    path = "scenarios/no-call.json"
    if models is None:
        table = dt.compare("recorded", path, set={"gain": [0.1, 0.5]})
        printed = terminal("compare", "recorded", path, "--set", "gain=0.1,0.5", "--format", "csv")
    else:
        table = dt.compare("recorded", path, models=models)
        printed = terminal("compare", "recorded", path, "--models", "all", "--format", "csv")
    assert table.to_csv() == printed.decode()
    same_cells(table)


@pytest.mark.parametrize("models", ["all", None])
def test_a_table_without_rows_has_its_columns(models: str | None, terminal: Terminal) -> None:
    table = dt.compare("recorded", "recorded", models=models)
    more = ["--models", models] if models is not None else []
    printed = terminal("compare", "recorded", "recorded", *more, "--format", "csv")
    assert table.to_csv() == printed.decode()
    arrow = pa.table(table)
    assert (len(table), arrow.num_rows) == (0, 0)
    other = pa.table(dt.compare("recorded", "scenarios/no-call.json", models=models))
    assert arrow.schema == other.schema


def test_sweep_and_exact(terminal: Terminal) -> None:
    path = "scenarios/sanctions-lifted.json"
    table = dt.Scenario.open(path).sweep({"gain": [0.1, 0.3]}, dyad="RUS-USA")
    printed = terminal("sweep", path, "--set", "gain=0.1,0.3", "--dyad", "RUS-USA", "--format", "csv")
    assert table.to_csv() == printed.decode()
    same_cells(table)
    path = "scenarios/summit-by-chance.json"
    exact = dt.Scenario.open(path).exact()
    assert exact.to_csv() == terminal("ensemble", path, "--exact", "--format", "csv").decode()
    same_cells(exact)


INDEXES: list[tuple[str, str, list[str]]] = [
    ("gdelt", str(DATA / "gdelt-2019-01-21.tsv"), []),
    ("polecat", str(DATA / "polecat.tsv"), []),
    ("gdelt", str(SHARED / "20190121220000.export.CSV"), []),
    ("gdelt", str(ROOT / "scenarios" / "event-data" / "georgia-2011.csv"), []),
    ("gdelt", str(SHARED / "gdelt1_georgia_201106_201112.tsv.gz"), []),
    ("gdelt", str(SHARED / "gdelt1_daily_20160728_sample.tsv"), []),
    ("gdelt", str(SHARED / "gdelt1_historical_198212_sample.tsv"), []),
    ("icews", str(SHARED / "icews_raw_20180601_20180602.tab"), []),
    (
        "icews-quadruples",
        str(SHARED / "icews14.tsv.gz"),
        ["--actors", str(SHARED / "cameo_country_actors.txt.gz")],
    ),
]


@pytest.mark.parametrize(("format", "path", "more"), INDEXES)
def test_index(format: str, path: str, more: list[str], terminal: Terminal) -> None:
    if not Path(path).exists():
        pytest.skip(f"{path} is not at hand")
    actors = more[1] if more else None
    for every in ("week", "month"):
        table = dt.index(path, format, every=every, actors=actors, threads=2)
        printed = terminal("index", format, path, "--every", every, *more)
        assert table.to_csv() == printed.decode()
        same_cells(table)
    assert "rows read" in table.notes


@pytest.mark.parametrize(
    ("format", "path", "more"),
    [one for one in INDEXES if any(name in one[1] for name in ("georgia", "icews14"))],
)
def test_fit_and_validate(format: str, path: str, more: list[str], terminal: Terminal) -> None:
    if not Path(path).exists():
        pytest.skip(f"{path} is not at hand")
    actors = more[1] if more else None
    how: dict[str, Any] = {"actors": actors, "grid": {"half_life_slow_days": [365, 730, "none"]}}
    said = [*more, "--grid", "half_life_slow_days=365,730,none", "--format", "csv"]
    fitted = dt.fit(path, format, **how, draws=100)
    printed = terminal("fit", format, path, "--draws", "100", *said)
    assert fitted.to_csv() == printed.decode()
    same_cells(fitted)
    judged = dt.validate(path, format, **how, draws=1000)
    printed = terminal("validate", format, path, "--draws", "1000", *said)
    assert judged.to_csv() == printed.decode()
    same_cells(judged)


SCORED = ("--against", "rus-usa-2017-2018", "--complete-until", "2018-12-31", "--dyad", "RUS-USA")


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "scenarios/summit-by-chance.json", *SCORED, "--runs", "200", "--format", "csv"),
        ("score", "scenarios/summit-by-chance.json", *SCORED, "--runs", "200"),
        ("ensemble", "scenarios/summit-by-chance.json", "--runs", "60"),
        ("check", "scenarios/no-call.json"),
        ("log", "show", "recorded"),
        ("log", "verify", "recorded"),
        ("acts", "--format", "json"),
        ("actors", "RUS"),
        ("codes", "--format", "csv"),
        ("schema", "event"),
    ],
)
def test_any_command(arguments: tuple[str, ...], terminal: Terminal) -> None:
    assert dt.command(*arguments).data == terminal(*arguments)


def test_import(tmp_path: Path, terminal: Terminal) -> None:
    source = str(DATA / "gdelt-2019-01-21.tsv")
    dyads = {row["dyad"]: row["events"] for row in dt.index(source).rows()}
    busiest = max(dyads, key=lambda dyad: dyads[dyad])
    log = dt.import_(source, tmp_path / "coded.jsonl", dyad=busiest)
    printed = terminal("import", source, "--dyad", busiest)
    assert (tmp_path / "coded.jsonl").read_bytes() == printed
    assert log.verify().events == len(printed.splitlines())
    assert "rows read" in log.notes
