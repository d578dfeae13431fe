"""Other libraries take tables without a copy, and give theirs."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

import detente as dt
from conftest import ROOT, Terminal
from detente._table import KINDS

GDELT = str(ROOT / "tests" / "event_data" / "gdelt-2019-01-21.tsv")


def address(table: pa.Table, column: str) -> int:
    """Where the values of a column are."""
    return int(table.column(column).chunk(0).buffers()[1].address)


def test_no_library_copies_a_column() -> None:
    trace = dt.Log.recorded().replay()
    first, second = pa.table(trace), pa.table(trace)
    frame = pl.DataFrame(trace)
    for column in ("seq", "date", "temperature_after"):
        assert address(first, column) == address(second, column)
        assert address(frame.to_arrow(), column) == address(first, column)
    # Polars has text in a form of its own; others take it as it is.
    assert address(first, "title") == address(second, "title")


def test_tables_outlive_what_they_were_made_of() -> None:
    arrow = pa.table(dt.Log.recorded().replay(dyad="RUS-USA"))
    assert arrow.column("temperature_after").to_pylist()[0] == -0.710698331427074


def test_types() -> None:
    arrow = pa.table(dt.Log.recorded().replay())
    kinds = {name: str(arrow.schema.field(name).type) for name in arrow.column_names}
    assert kinds["date"] == kinds["recorded"] == "date32[day]"
    assert kinds["temperature_after"] == "double"
    assert kinds["seq"] == "int64"
    assert kinds["code"] == kinds["dyad"] == "string"


def test_columns_have_the_kinds_that_the_codebook_tells(terminal: Terminal) -> None:
    told = {
        "day": "date",
        "YYYY-MM-DD": "date",
        **dict.fromkeys(["degrees", "0 to 1", "as value", "events a day"], "float"),
        **dict.fromkeys(["count", "events", "files", "rows"], "int"),
    }
    # No function of the package has these tables.
    elsewhere = {"score", "test --claims", "index --unmatched, import --unmatched"}
    codebook = csv.DictReader(io.StringIO(terminal("columns", "--format", "csv").decode()))
    rows = [row for row in codebook if row["of"] not in elsewhere]
    assert {row["unit"] for row in rows} >= told.keys()
    for row in rows:
        wanted = told.get(row["unit"])
        if wanted is not None:
            assert KINDS.get(row["column"]) == wanted, row


def test_libraries_ask_tables() -> None:
    trace = dt.Log.recorded().replay(dyad="RUS-USA")
    arrow = trace.to_arrow()
    database = duckdb.connect().register("trace", arrow)
    asked = database.execute("select date, temperature_after from trace order by seq desc limit 1")
    assert asked.fetchone() == (datetime.date(2017, 1, 28), trace.rows()[-1]["temperature_after"])
    frame = trace.to_pandas()
    assert frame["code"].iloc[0] == "192"
    polars = trace.to_polars()
    assert polars["date"].max() == datetime.date(2017, 1, 28)
    assert polars.height == len(trace) == len(frame)


def rows_of(path: str) -> list[list[str]]:
    return [line.split("\t") for line in Path(path).read_text().splitlines()]


def test_a_stream_is_read_as_a_file_is() -> None:
    rows = rows_of(GDELT)
    width = len(rows[0])
    columns = {f"c{place}": [row[place] for row in rows] for place in range(width)}
    from_file = dt.index(GDELT, "gdelt")
    for stream in (pa.table(columns), pl.DataFrame(columns)):
        from_stream = dt.index(stream, "gdelt")
        assert from_stream.to_csv() == from_file.to_csv()
        said, others = (
            notes.replace(GDELT, "").replace("<stream>", "").splitlines()[1:3]
            for notes in (from_stream.notes, from_file.notes)
        )
        assert said == others


def test_streams_of_named_columns() -> None:
    rows = pa.table(
        {
            "day": pa.array([datetime.date(2030, 1, 3), datetime.date(2030, 1, 7), None]),
            "who": ["XBL", "XRL", "XBL"],
            "whom": ["XRL", "XBL", "XRL"],
            "cameo": pa.array(["042", "112", "163"]).dictionary_encode(),
            "goldstein": [1.9, -2.0, -8.0],
        }
    )
    columns = {"date": "day", "source": "who", "target": "whom", "code": "cameo", "weight": "goldstein"}
    table = dt.index(rows, column=columns)
    assert [row["events"] for row in table.rows()] == [2]
    assert "a date that is none" in table.notes
    relation = duckdb.connect().from_arrow(rows)
    assert dt.index(relation, column=columns).to_csv() == table.to_csv()
    # Two halves are one table, but for how many files it came from.
    halves = dt.index([rows.slice(0, 1), rows.slice(1)], column=columns)
    assert [row["weight_sum"] for row in halves.rows()] == [table.rows()[0]["weight_sum"]]
    assert [row["files"] for row in halves.rows()] == [2]


def test_codes_that_a_program_took_for_numbers_are_refused_as_in_a_file() -> None:
    rows = pa.table({"date": ["2030-01-03"], "source": ["XBL"], "target": ["XRL"], "code": [42]})
    with pytest.raises(dt.InputError, match="lost their leading 0"):
        dt.index(rows)
    assert len(dt.index(rows, codes="padded")) == 1


def test_a_stream_can_fail() -> None:
    def batches() -> object:
        yield pa.record_batch({"date": ["2030-01-03"]})
        raise OSError("the database is gone")

    schema = pa.schema({"date": pa.string()})
    reader = pa.RecordBatchReader.from_batches(schema, batches())
    with pytest.raises(dt.InputError, match="the database is gone"):
        dt.index(reader, value={"source": "XBL", "target": "XRL", "code": "042"})


def test_an_ensemble_has_tables_of_what_it_is_asked_for_most() -> None:
    fan = dt.Scenario.open("scenarios/summit-by-chance.json").ensemble(runs=1000)
    outcomes = {row["outcome"]: row for row in fan.outcomes.rows()}
    held = outcomes["meeting-held"]
    assert held["probability"] == held["in_runs"] / 1000
    assert held["low"] < held["probability"] < held["high"]
    last = fan.temperatures.rows()[-1]
    assert last["p05"] <= last["p50"] <= last["p95"]
    assert 0 <= fan.explained.rows()[-1]["explained"] <= 1
    assert str(pa.table(fan.outcomes).schema.field("in_runs").type) == "int64"
