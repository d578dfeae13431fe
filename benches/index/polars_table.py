"""The monthly table of `detente index`, without the temperature, by Polars.

    POLARS_MAX_THREADS=THREADS python benches/index/polars_table.py FILE TABLE
"""

import sys

import polars as pl

from table import COLUMNS, REGIONS

file, table = sys.argv[1:]
c = {number: pl.col(f"column_{number}") for number in range(1, COLUMNS + 1)}
schema = {f"column_{number}": pl.String for number in c} | {"column_31": pl.Float64, "column_30": pl.UInt8}
forward, class_, weight = pl.col("forward"), pl.col("class"), pl.col("weight")
(
    pl.scan_csv(file, separator="\t", has_header=False, quote_char=None, schema=schema)
    .filter(c[8].is_not_null(), c[18].is_not_null(), c[8] != c[18])
    .filter(~c[8].is_in(REGIONS), ~c[18].is_in(REGIONS))
    .select(
        dyad=pl.min_horizontal(c[8], c[18]) + "-" + pl.max_horizontal(c[8], c[18]),
        month=c[2].str.slice(0, 4) + "-" + c[2].str.slice(4, 2),
        forward=c[8] < c[18],
        **{"class": c[30], "weight": c[31]},
    )
    .group_by("dyad", "month")
    .agg(
        pl.len().alias("events"),
        *[
            (way & (class_ == number)).sum().alias(f"{name}{number}")
            for name, way in (("forward", forward), ("back", ~forward))
            for number in range(1, 5)
        ],
        (class_ > 2).mean().alias("share"),
        weight.sum().alias("sum"),
        weight.mean().alias("mean"),
    )
    .sort("dyad", "month")
    .collect(engine="streaming")
    .write_csv(table, include_header=False)
)
