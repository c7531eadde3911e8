"""Month by month, what every lever is set to, and how circumstances stand.

Takes a draw (with its book), a scenario, perhaps a future beneath it, and the months of a run; gives a `Timeline` of
arrays. Never changes another belief, and never moves anything before the run's start: the run-in is as now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.parameters.belief import Value
from demandsim.parameters.book import Book
from demandsim.parameters.drawing import Draw
from demandsim.parameters.reading import Faults, unknown_name
from demandsim.policy.futures import Future, check_future
from demandsim.policy.levers import setting_problem
from demandsim.policy.scenario import Change, Patch, Scenario, Setting, check_scenario
from demandsim.quantities import month_label, month_number

Floats = NDArray[np.float64]

GROWTH: Final = "place.growth"
CHURN: Final = "place.churn"
#: A lever over months: numbers, names, or numbers by label.
Track = Floats | tuple[str, ...] | dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Timeline(Mapping[str, Track]):
    """Every lever and circumstance over the months of a run, in its own unit and the book's price year.

    Attributes
    ----------
    scenario, future : str
        Ids; no future where circumstances are as now.
    first_month : int
        Month number of position 0, the first month of the run-in.
    run_in : int
        How many positions come before the run's start.
    tracks : mapping of lever to array, tuple of names, or arrays by label
        Each of length run_in + n_months.
    moved : mapping of lever to position
        Levers that differ from the scenario's baseline in the same future, and from where.
    """

    scenario: str
    first_month: int
    run_in: int
    n_months: int
    tracks: Mapping[str, Track]
    moved: Mapping[str, int]
    future: str = ""

    def __getitem__(self, lever: str) -> Track:
        if lever not in self.tracks:
            raise unknown_name(lever, self.tracks, "lever")
        return self.tracks[lever]

    def __contains__(self, lever: object) -> bool:
        return lever in self.tracks

    def __iter__(self) -> Iterator[str]:
        return iter(self.tracks)

    def __len__(self) -> int:
        return len(self.tracks)

    @property
    def months(self) -> tuple[str, ...]:
        """Labels of the positions: "2016-04"."""
        return tuple(month_label(self.first_month + position) for position in range(self.run_in + self.n_months))

    def numbers(self, lever: str) -> Floats:
        """A lever that is one number a month."""
        track = self[lever]
        if isinstance(track, np.ndarray):
            return track
        raise TypeError(f"{lever} is not one number a month")

    def names(self, lever: str) -> tuple[str, ...]:
        """A lever that is a name a month."""
        track = self[lever]
        if isinstance(track, tuple):
            return track
        raise TypeError(f"{lever} is not a name a month")


def apply(
    draw: Draw,
    scenario: Scenario,
    first_month: date | str,
    n_months: int,
    run_in: int = 0,
    future: Future | None = None,
) -> Timeline:
    """Lay a scenario over the as-now levers, and both over a future.

    Parameters
    ----------
    draw : Draw
    scenario : Scenario
    first_month : date or str
        First month of the run proper, such as "2016-04"; ``n_months`` are counted from it.
    n_months : int
    run_in : int
        Months before it, in which every lever is as now.
    future : Future, optional
        What it moves is moved first, under every scenario alike.

    Notes
    -----
    ``times`` multiplies the as-now value of each month; in a scenario, as now is as the future has it. A ramp runs in a
    straight line from the value before to the new one; a month holds its average over the month.

    Raises
    ------
    ConfigError
        With every fault: not a lever, wrong unit, out of bounds, a change before the start.
    """
    start = month_number(first_month)
    faults = Faults(check_scenario(scenario, draw.book))
    if future is not None:
        faults.extend(check_future(future, draw.book))
    patches: list[Patch] = [*([future] if future is not None else []), *scenario.lineage]
    for one in patches:
        _check_dates(one, start, faults)
    faults.stop()
    months = range(start - run_in, start + n_months)
    tracks = {name: _as_now(draw, name, months) for name in (*draw.book.levers, *draw.book.circumstances)}
    before = tracks
    for one in patches:
        before, tracks = tracks, dict(tracks)
        for number, change in enumerate(one.changes, 1):
            track = _moved(draw, change, before[change.lever], months)
            _check_track(draw, one, number, change, track, faults)
            tracks[change.lever] = track
    faults.stop()
    moved = {name: first for name in tracks if (first := _first_difference(before[name], tracks[name])) is not None}
    return Timeline(
        scenario.id, start - run_in, run_in, n_months, tracks, moved, future.id if future is not None else ""
    )  # fmt: skip


def place_course(
    book: Book, future: Future | None, first_month: date | str, n_months: int, run_in: int = 0
) -> tuple[Floats, Floats]:
    """How far the place's path is followed, and how many times as soon people leave, month by month.

    Returns
    -------
    growth, churn : ndarray, shape (run_in + n_months,)
        For `demandsim.place.population.build_population`. Circumstances are not drawn, so every draw has the same; and
        until the start the place neither grows nor turns over faster, so that the run-in can settle.

    Raises
    ------
    ConfigError
        As `apply` does.
    """
    start = month_number(first_month)
    draw, months = book.draw(), range(start - run_in, start + n_months)
    changes = {} if future is None else {change.lever: change for change in future.changes}
    if future is not None:
        faults = Faults(check_future(future, book))
        _check_dates(future, start, faults)
        faults.stop()
    tracks = []
    for name in (GROWTH, CHURN):
        track = _as_now(draw, name, months)
        track = _moved(draw, changes[name], track, months) if name in changes else track
        assert isinstance(track, np.ndarray)
        tracks.append(track.copy())
    growth, churn = tracks
    growth[: run_in + 1] = 0.0  # the step into the first month of the run proper would come before it
    churn[:run_in] = 1.0
    return growth, churn


def _check_dates(scenario: Patch, start: int, faults: Faults) -> None:
    for number, change in enumerate(scenario.changes, 1):
        early = start - month_number(change.values[0].from_)
        if early > 0:
            how_far = "a month" if early == 1 else f"{early} months"
            faults.add(
                scenario.place_of(number, "values"),
                f"{change.values[0].from_.isoformat()} is {how_far} before the start, {month_label(start)}.",
                "Move the date, or start the run earlier: before the start all is as now.",
            )


def _as_now(draw: Draw, name: str, months: range) -> Track:
    series = draw.dated(name)
    is_steady = len(series) == 1  # as most levers are
    values = [series[0][1]] * len(months) if is_steady else [draw.at(name, month) for month in months]
    first = values[0]
    if isinstance(first, str):
        return tuple(str(value) for value in values)
    if isinstance(first, Mapping):
        return {label: np.array([value[label] for value in values if isinstance(value, Mapping)]) for label in first}
    return np.array(values, np.float64)


def _moved(draw: Draw, change: Change, now: Track, months: range) -> Track:
    """The lever's track with one change laid over it."""
    factor = draw.book.price_factor(draw.book[change.lever], change.price_year)
    track = now
    for setting in change.values:
        since = month_number(setting.from_) - months.start
        if isinstance(track, tuple):
            track = (*track[:since], *(str(setting.value),) * (len(months) - since))[: len(months)]
            continue
        share = _share_done(len(months), since, change.ramp.months if change.ramp else 0.0)
        if isinstance(track, np.ndarray) and isinstance(now, np.ndarray):
            track = _blend(track, _target(setting, now, setting.value, factor), share)
        elif isinstance(track, dict) and isinstance(now, dict):
            given = setting.value if isinstance(setting.value, Mapping) else dict.fromkeys(now, setting.value)
            none = np.zeros(len(months))
            labels = [*now, *(label for label in given if label not in now)]
            track = {
                label: _blend(
                    track.get(label, none), _target(setting, now.get(label, none), given.get(label, 0.0), factor), share
                )
                for label in labels
            }
    return track


def _target(setting: Setting, now: Floats, value: Value | None, factor: float) -> Floats:
    if setting.times is not None:
        return now * setting.times
    assert isinstance(value, float)
    return np.full(now.shape, value * factor)


def _blend(old: Floats, new: Floats, share: Floats) -> Floats:
    """From old to new as the share done grows; exactly old at 0 and exactly new at 1."""
    return np.where(share == 0.0, old, np.where(share == 1.0, new, old + share * (new - old)))


def _share_done(n: int, since: int, length: float) -> Floats:
    """How much of a change is done, on average over each month."""
    edges = np.arange(n + 1, dtype=np.float64) - since
    if length <= 0.0:
        return (edges[:-1] >= 0.0).astype(np.float64)
    inside = np.clip(edges, 0.0, length)
    area = inside**2 / (2.0 * length) + np.maximum(edges - length, 0.0)
    done = np.diff(area)
    return np.where(edges[:-1] >= length, 1.0, np.where(edges[1:] <= 0.0, 0.0, done))


def _check_track(draw: Draw, scenario: Patch, number: int, change: Change, track: Track, faults: Faults) -> None:
    """`times` may carry a share over one: the result is checked too."""
    if not isinstance(track, np.ndarray) or not len(track):
        return
    for value in (float(track.min()), float(track.max())):
        if what := setting_problem(draw.book, change.lever, value):
            faults.add(scenario.place_of(number, "values"), f"the lever {what}", "Make the change smaller.")


def _first_difference(before: Track, after: Track) -> int | None:
    """The first position at which two tracks differ."""
    if isinstance(before, tuple):
        differs = np.array([one != other for one, other in zip(before, after, strict=True)])
    elif isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        differs = before != after
    else:
        assert isinstance(before, dict)
        assert isinstance(after, dict)
        none = np.zeros(len(next(iter(after.values()))))
        differs = np.any([before.get(label, none) != array for label, array in after.items()], axis=0)
    places = np.flatnonzero(differs)
    return int(places[0]) if len(places) else None
