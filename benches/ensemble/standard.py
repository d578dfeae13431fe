"""The standard workload (`standard.json`) in NumPy, vectorised over runs, with the same counts as an ensemble's.

`standard.py check DRAWS RUNS` plays runs with draws that are handed in, a row of little-endian doubles for each stream,
and writes the temperatures on all dates and the answers, run by run. `standard.py time RUNS ROUNDS` draws for itself
and prints the seconds of the fastest round.
"""

import sys
import time
from datetime import date

import numpy as np

GAIN, BOUND = 0.15, 10.0
BINS = 20_001
# As many runs at once as are fastest.
BLOCK = 32_000

# The streams of draws, in the order in which they are handed in.
STREAMS = ["half-life", "spring", "autumn", "winter", "summer",
           "fire returns visit", "delay returns visit", "fire returns progress", "delay returns progress",
           "fire defies", "delay defies", "fire in-kind", "delay in-kind"]


def day(text):
    return date.fromisoformat(text).toordinal()


FIXED = [("2029-12-20", -7.0), ("2030-01-15", 1.9), ("2030-03-04", 0.4), ("2030-04-22", -2.0),
         ("2030-06-11", -5.8), ("2030-08-05", 1.0), ("2030-10-09", -7.0), ("2030-12-12", -2.0),
         ("2031-02-17", 1.0), ("2031-05-06", 4.0), ("2031-08-19", -0.4), ("2031-11-03", -4.4)]
VISIT, THREAT, DEPARTURES = 1, 4, 6
# spring, autumn, winter, summer; the weight of autumn hangs on its option.
CHANCES = [("2030-05-14", 2.8), ("2030-09-18", -7.0), ("2031-01-21", 7.0), ("2031-07-07", 8.0)]
PROGRESS = 1.9
# returns after the visit, returns after progress, defies, in-kind.
REACTIONS = [1.9, 1.9, -4.4, -7.0]
DATES = [date(year + month // 12, month % 12 + 1, 1).toordinal() - 1 for year in (2030, 2031) for month in range(1, 13)]
BY = day("2031-06-30")

AT = np.array([day(at) for at, _ in FIXED + CHANCES] + [0] * len(REACTIONS) + DATES)
WEIGHTS = np.array([weight for _, weight in FIXED + CHANCES] + REACTIONS + [0.0] * len(DATES))
FIRST_CHANCE = len(FIXED)
FIRST_REACTION = FIRST_CHANCE + len(CHANCES)
FIRST_DATE = FIRST_REACTION + len(REACTIONS)
# On one day what is fixed comes first, then reactions, then a date is read.
RANK = np.array([0] * FIRST_REACTION + [1] * len(REACTIONS) + [2] * len(DATES))


def play(draws):
    """Temperatures by date and run, answers by outcome and run, and what was drawn, from draws by stream and run."""
    runs = draws.shape[1]
    half_life = 90.0 + draws[0] * 270.0
    at = np.repeat(AT[:, None], runs, axis=1)
    weights = np.repeat(WEIGHTS[:, None], runs, axis=1)

    talks, broken, offer, treaty = (draws[1 + node] < share for node, share in enumerate((0.55, 0.4, 0.5, 0.3)))
    for place, happens in ((0, talks), (2, offer), (3, treaty)):
        weights[FIRST_CHANCE + place] *= happens
    weights[FIRST_CHANCE + 1] = np.where(broken, WEIGHTS[FIRST_CHANCE + 1], PROGRESS)

    returns = draws[5] < 0.6
    fires = [returns, ~broken & (draws[7] < 0.6) & ~returns, draws[9] < 0.8, draws[11] < 0.9]
    triggers = [VISIT, FIRST_CHANCE + 1, THREAT, DEPARTURES]
    for place, (fires_then, trigger) in enumerate(zip(fires, triggers)):
        delay = 3 + np.floor(draws[6 + 2 * place] * 28.0)
        at[FIRST_REACTION + place] = AT[trigger] + delay.astype(at.dtype)
        weights[FIRST_REACTION + place] *= fires_then

    order = np.argsort(at * 4 + RANK[:, None], axis=0, kind="stable")
    at = np.take_along_axis(at, order, axis=0)

    rows = np.arange(runs)
    balance, temperature = np.zeros(runs), np.zeros(runs)
    since = at[0]
    temperatures = np.empty((len(DATES), runs))
    crisis = np.zeros(runs, dtype=bool)
    for step in range(len(AT)):
        operation, now = order[step], at[step]
        balance = balance * np.exp2((since - now) / half_life) + GAIN * weights[operation, rows]
        temperature = BOUND * balance / np.sqrt(BOUND * BOUND + balance * balance)
        since = now
        crisis |= (temperature < -3.0) & (now <= BY) & (operation < FIRST_DATE)
        read = operation >= FIRST_DATE
        if read.any():
            temperatures[operation[read] - FIRST_DATE, rows[read]] = temperature[read]
        departs = operation == DEPARTURES
        if departs.any():
            weights[FIRST_REACTION + 3, departs & (temperature >= -1.5)] = 0.0
    fires[3] = weights[FIRST_REACTION + 3] != 0.0
    answers = np.stack([crisis, temperature > -0.5])
    return temperatures, answers, (talks, broken, offer, treaty), fires


class Tally:
    """What the runs add up to."""

    def __init__(self):
        self.runs = 0
        self.bins = np.zeros((len(DATES), BINS), dtype=np.int64)
        self.sums = np.zeros(len(DATES))
        self.squares = np.zeros(len(DATES))
        self.answers = np.zeros(2, dtype=np.int64)
        self.drawn = np.zeros(len(CHANCES) + len(REACTIONS), dtype=np.int64)

    def add(self, played):
        temperatures, answers, options, fires = played
        self.runs += temperatures.shape[1]
        places = ((temperatures + BOUND) * ((BINS - 1) / (2.0 * BOUND)) + 0.5).astype(np.int64)
        for row, place in zip(self.bins, places):
            row += np.bincount(place, minlength=BINS)
        self.sums += temperatures.sum(axis=1)
        self.squares += (temperatures * temperatures).sum(axis=1)
        self.answers += answers.sum(axis=1)
        self.drawn += [drawn.sum() for drawn in (*options, *fires)]


def check(path, runs):
    draws = np.fromfile(path, dtype="<f8").reshape(len(STREAMS), runs)
    temperatures, answers, _, _ = play(draws)
    rows = np.concatenate([temperatures, answers.astype(float)]).T
    sys.stdout.buffer.write(rows.astype("<f8").tobytes())


def measure(runs, rounds):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        chance, tally = np.random.default_rng(45), Tally()
        for first in range(0, runs, BLOCK):
            tally.add(play(chance.random((len(STREAMS), min(BLOCK, runs - first)))))
        best = min(best, time.perf_counter() - start)
        assert tally.runs == runs
    print(best)


if __name__ == "__main__":
    mode, *arguments = sys.argv[1:]
    if mode == "check":
        check(arguments[0], int(arguments[1]))
    else:
        measure(int(arguments[0]), int(arguments[1]))
