"""The monthly table of `detente index`, without the temperature, by DuckDB.

    python benches/index/duckdb_table.py FILE TABLE THREADS
"""

import sys

import duckdb

from table import COLUMNS, REGIONS

file, table, threads = sys.argv[1:]
columns = {f"c{number}": "VARCHAR" for number in range(1, COLUMNS + 1)}
# What is read is typed as it is read; all other columns are left out of the query.
columns |= {"c31": "DOUBLE", "c30": "UTINYINT"}
duckdb.execute(f"SET threads = {threads}")
duckdb.execute(
    f"""
    COPY (
        WITH events AS (
            SELECT least(c8, c18) || '-' || greatest(c8, c18) AS dyad,
                   c2[1:4] || '-' || c2[5:6] AS month, c8 < c18 AS forward, c30 AS class, c31 AS weight
            FROM read_csv($file, delim = '\t', header = false, quote = '', escape = '', auto_detect = false,
                          columns = $columns)
            WHERE c8 <> '' AND c18 <> '' AND c8 <> c18
              AND list_contains($regions, c8) = false AND list_contains($regions, c18) = false
        )
        SELECT dyad, month, count(*) AS events,
               {", ".join(f"count(*) FILTER ({way} AND class = {c})" for way in ("forward", "NOT forward") for c in range(1, 5))},
               avg((class > 2)::INTEGER), sum(weight), avg(weight)
        FROM events GROUP BY ALL ORDER BY ALL
    ) TO '{table}' (HEADER false)
    """,
    {"file": file, "columns": columns, "regions": REGIONS},
)
