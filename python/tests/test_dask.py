"""Whatever the tasks, their order and the workers that are lost, the result is that of one process."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

import detente as dt
import detente.dask

SUMMIT = "scenarios/summit-by-chance.json"


def digest(text: str | None) -> str:
    assert text is not None
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Made up: twelve months of rows between five actors, a file each."""
    folder = tmp_path_factory.mktemp("rows")
    draw = random.Random(19)
    actors = ["XBL", "XGL", "XRL", "XYL", "USA"]
    names = []
    for month in range(1, 13):
        lines = ["date,source,target,code"]
        for _ in range(8_000):
            source, target = draw.sample(actors, 2)
            code = draw.choice(["042", "112", "163", "190"])
            lines.append(f"2030-{month:02}-{draw.randint(1, 28):02},{source},{target},{code}")
        path = folder / f"{month:02}.csv"
        path.write_text("\n".join(lines) + "\n")
        names.append(str(path))
    return names


def lose_a_worker(client: Client, after: float) -> threading.Thread:
    """Kills one of the processes in a while; its nanny begins another."""
    (pid, *_) = client.run(os.getpid).values()

    def kill() -> None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


@pytest.mark.parametrize("tasks", [1, 2, 7])
def test_an_index(tasks: int, client: Client, files: list[str]) -> None:
    expected = digest(dt.index(files, dedupe="dyad-day-code").to_csv())
    shuffled = random.Random(tasks).sample(files, len(files))
    table = detente.dask.index(shuffled, client, tasks=tasks, dedupe="dyad-day-code")
    assert digest(table.to_csv()) == expected


def test_an_index_of_which_a_worker_is_lost(client: Client, files: list[str]) -> None:
    expected = digest(dt.index(files).to_csv())
    thread = lose_a_worker(client, 0.05)
    assert digest(detente.dask.index(files, client, tasks=12).to_csv()) == expected
    thread.join()


@pytest.mark.parametrize("tasks", [1, 2, 7])
def test_an_ensemble(tasks: int, client: Client) -> None:
    summit = dt.Scenario.open(Path(SUMMIT).resolve())
    expected = digest(summit.ensemble(2000).to_csv())
    assert digest(detente.dask.ensemble(summit, 2000, client, tasks=tasks).to_csv()) == expected


def test_an_ensemble_of_which_a_worker_is_lost(client: Client) -> None:
    summit = dt.Scenario.open(Path(SUMMIT).resolve())
    runs = 20_000
    began = time.monotonic()
    expected = digest(summit.ensemble(runs, threads=1).to_csv())
    alone = time.monotonic() - began
    thread = lose_a_worker(client, alone / 4)
    assert digest(detente.dask.ensemble(summit, runs, client, tasks=7).to_csv()) == expected
    thread.join()


def test_days_that_are_cut_are_refused(client: Client, files: list[str], tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    again.write_text("".join(Path(files[0]).read_text().splitlines(keepends=True)[:50]))
    with pytest.raises(dt.InputError, match="cut by day"):
        detente.dask.index([files[0], again], client, tasks=2, dedupe="dyad-day-code")
