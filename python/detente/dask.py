"""Indexes and ensembles over many machines, on the scheduler that Dask has for them.

``client`` is a :class:`distributed.Client`: of a cluster of processes on this machine, of Slurm, of
Kubernetes, of a cloud. What is sent is bytes: each task gives a part, parts are added up in a tree,
and the result is that of one process to the byte, whatever the tasks, their order and the workers
that were lost on the way. Paths must lead to the same files on all workers, where ``detente`` must be
installed in the same version.

::

    from distributed import Client, LocalCluster
    import detente.dask

    with LocalCluster(n_workers=2, threads_per_worker=1) as cluster, Client(cluster) as client:
        table = detente.dask.index("events/*.zip", client, "gdelt")
        fan = detente.dask.ensemble(scenario, 10_000_000, client)
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ._command import Name
from ._events import Part, _paths, index_part
from ._merge import merge
from ._scenario import Ensemble, Scenario
from ._table import Table

if TYPE_CHECKING:
    from distributed import Client, Future

#: How many parts one task adds up.
BRANCHES = 8

#: How many tasks there are for each thread of the cluster, so that slow ones do not hold up all.
TASKS_A_THREAD = 4

#: How often a task is tried again that was lost with its worker.
RETRIES = 5


def index(
    files: Name | Iterable[Name],
    client: Client,
    format: str | None = None,
    *,
    tasks: int | None = None,
    **how: Any,
) -> Table:
    """Adds event data up as :func:`detente.index` does, with its options.

    ``files`` are paths or a pattern. Each of the ``tasks`` reads some of them, one after the other as
    they are named; a file is not cut. With ``dedupe`` all rows of a day must be in files of one
    task, or it is refused.
    """
    given = [files] if isinstance(files, (str, os.PathLike)) else list(files)
    paths = [path for name in given for path in _paths(os.fspath(name))]
    several = _cut(paths, tasks or _tasks(client))
    how.setdefault("threads", 1)
    parts = [
        client.submit(_index_part, some, format, how, pure=False, retries=RETRIES)
        for some in several
    ]
    while len(parts) > BRANCHES:
        groups = [parts[at : at + BRANCHES] for at in range(0, len(parts), BRANCHES)]
        parts = [client.submit(_join, group, pure=False, retries=RETRIES) for group in groups]
    return merge([Part(data) for data in _gathered(client, parts)])


def ensemble(
    scenario: Scenario,
    runs: int,
    client: Client,
    *,
    tasks: int | None = None,
    **how: Any,
) -> Ensemble:
    """Plays an ensemble as :meth:`detente.Scenario.ensemble` does, with its options.

    Each of the ``tasks`` plays a share of the runs. Scenarios that were opened are read by each
    worker, those that are mappings are sent along.
    """
    shards = tasks or _tasks(client)
    how.setdefault("threads", 1)
    parts = [
        client.submit(_ensemble_part, scenario, runs, (shard, shards), how, pure=False, retries=RETRIES)
        for shard in range(1, shards + 1)
    ]
    return merge([Ensemble([data]) for data in _gathered(client, parts)])


def _tasks(client: Client) -> int:
    threads: int = sum(client.nthreads().values())
    return max(1, TASKS_A_THREAD * threads)


def _cut(paths: list[str], tasks: int) -> list[list[str]]:
    """Neighbours in as many groups as there are tasks, or fewer."""
    tasks = min(tasks, len(paths))
    borders = [len(paths) * at // tasks for at in range(tasks + 1)]
    return [paths[start:end] for start, end in zip(borders, borders[1:])]


def _gathered(client: Client, parts: list[Future]) -> list[bytes]:
    gathered: list[bytes] = client.gather(parts)
    return gathered


def _index_part(paths: list[str], format: str | None, how: dict[str, Any]) -> bytes:
    return bytes(index_part(paths, format, **how))


def _join(parts: list[bytes]) -> bytes:
    return bytes(Part.joined([Part(data) for data in parts]))


def _ensemble_part(
    scenario: Scenario, runs: int, shard: tuple[int, int], how: dict[str, Any]
) -> bytes:
    return bytes(scenario.ensemble(runs, shard=shard, **how))
