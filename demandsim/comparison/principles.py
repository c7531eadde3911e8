"""What each whole-place principle adds, alone and with the others, and in which order they are best taken up.

Takes the results of a study of principles; gives estimates over lucks, with the error of sampled orders apart. A gain
here is a difference from no principle: less cash and fewer months in crisis are below nought.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.games import Floats, Ints, areas, best_order, shapley_interactions, shapley_values
from demandsim.comparison.principle_measures import PrincipleMeasures, central
from demandsim.study.orders import paths_of, sample_orders, sample_pairs

if TYPE_CHECKING:
    import xarray as xr

#: Of all orders there are, as many are looked at.
ORDERS_LOOKED_AT: Final = 100_000
#: An order is clearly better where its gain is more than so many standard errors over lucks.
_CLEAR: Final = 2.0
_ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class Contribution:
    """What one principle adds to one measure.

    Attributes
    ----------
    letter, title : str
    step : Estimate
        Added when it is taken up after those before it in the report's order.
    reached : Estimate
        All of them together, up to this one.
    fair : Estimate
        Its Shapley value: added on average over the orders in which it may be taken up.
    order_error : float
        Standard error of ``fair`` from having sampled orders; 0 where all were counted.
    """

    letter: str
    title: str
    step: Estimate
    reached: Estimate
    fair: Estimate
    order_error: float


@dataclass(frozen=True)
class Synergy:
    """What two principles do together beyond the sum of the two: the Shapley interaction index."""

    one: str
    other: str
    extra: Estimate


@dataclass(frozen=True)
class OrderFinding:
    """Which orders do better than the report's, by the mean of what is gained after each stage.

    Attributes
    ----------
    report : Estimate
        Value of the report's order.
    best : tuple of str
        The best order on the mean of all lucks, of all there are or of those sampled; the report's own where none is
        better.
    gain : Estimate
        Value of the best order less the report's, on the lucks by which it was chosen: it flatters itself.
    gain_elsewhere : Estimate
        The same, each luck judging the order chosen by the others; no figure with one luck.
    n_orders : int
        Orders looked at.
    share_better, share_error : float
        Of which better than the report's on the mean of all lucks, with the error of looking at so many.
    share_low, share_high : float
        The same, luck by luck: least and most.
    share_clear : float
        Of which better by more than two standard errors over lucks.
    is_exact : bool
        Whether the best was sought among all orders.
    """

    report: Estimate
    best: tuple[str, ...]
    gain: Estimate
    gain_elsewhere: Estimate
    n_orders: int
    share_better: float
    share_error: float
    share_low: float
    share_high: float
    share_clear: float
    is_exact: bool


class PrincipleEffects(PrincipleMeasures):
    """The results of a study of principles, as a game in which principles are the players."""

    @cached_property
    def report_path(self) -> Ints:
        """Rows of the stages of the report's order, shape (1, principles + 1)."""
        return self._rows(paths_of(np.arange(len(self.letters))[None]))

    def _rows(self, masks: Ints) -> Ints:
        return np.asarray(self.row_of[masks])

    @cached_property
    def sampled(self) -> Ints:
        """The orders that were run, in pairs of an order and its reverse."""
        return sample_pairs(len(self.letters), self.n_sampled, self.seed)

    def whole(self, measure: str) -> Estimate:
        """All principles together, less none."""
        worth = self.worth(measure)[self.report_path[0]]
        return summarise((worth[-1] - worth[0])[None], self.unit(measure))[0]

    def contributions(self, measure: str) -> list[Contribution]:
        """What each principle adds, in the report's order."""
        worth, unit = self.worth(measure), self.unit(measure)
        path = worth[self.report_path[0]]
        steps, reached = summarise(np.diff(path, axis=0), unit), summarise(path[1:] - path[0], unit)
        fair, errors = self._fair(worth)
        rows = zip(self.letters, steps, reached, summarise(fair, unit), errors, strict=True)
        return [Contribution(a, self.title(a), step, sofar, share, float(e)) for a, step, sofar, share, e in rows]

    def stages(self, measure: str, order: tuple[str, ...]) -> list[Estimate]:
        """What has been gained after each stage of an order that was run."""
        positions = np.array([[self.letters.index(letter) for letter in order]])
        path = self.worth(measure)[self._rows(paths_of(positions))[0]]
        return summarise(path[1:] - path[0], self.unit(measure))

    def _fair(self, worth: Floats) -> tuple[Floats, Floats]:
        """Shapley values by luck, and their error from sampling orders."""
        if self.is_exact:
            return _without_rounding(shapley_values(worth[self.row_of]), worth), np.zeros(len(self.letters))
        added = np.diff(worth[self._rows(paths_of(self.sampled))], axis=1)
        by_principle = np.empty_like(added)
        for order, row in enumerate(self.sampled):
            by_principle[order, row] = added[order]
        pairs = central(by_principle.reshape(-1, 2, *by_principle.shape[1:]).mean(axis=1))
        n = pairs.shape[0]
        error = pairs.std(axis=0, ddof=1) / n**0.5 if n > 1 else np.full(len(self.letters), np.nan)
        return by_principle.mean(axis=0), error

    def gap(self, measure: str) -> float:
        """By how much the principles' Shapley values miss the whole: nothing but rounding."""
        return sum(one.fair.mean for one in self.contributions(measure)) - self.whole(measure).mean

    def synergies(self, measure: str) -> list[Synergy]:
        """What each pair does beyond the sum of the two, the largest first; none where orders were sampled."""
        if not self.is_exact:
            return []
        worth = self.worth(measure)
        found = _without_rounding(shapley_interactions(worth[self.row_of]), worth)
        pairs = [(i, j) for i in range(len(self.letters)) for j in range(i + 1, len(self.letters))]
        estimates = summarise(np.array([found[i, j] for i, j in pairs]), self.unit(measure)) if pairs else []
        told = [Synergy(self.letters[i], self.letters[j], e) for (i, j), e in zip(pairs, estimates, strict=True)]
        return sorted(told, key=lambda pair: -abs(pair.extra.mean))

    def orders(self, measure: str) -> OrderFinding:
        """Which orders do better than the report's on a measure of which less is better."""
        worth, unit = self.worth(measure), self.unit(measure)
        report = areas(worth, self.report_path)[0]
        looked_at = sample_orders(len(self.letters), ORDERS_LOOKED_AT, self.seed) if self.is_exact else self.sampled
        paths = self._rows(paths_of(looked_at))
        gains = _without_rounding(areas(worth, paths) - report, worth)
        better = central(gains) < 0.0
        by_luck = (gains < 0.0).mean(axis=0)[self.ran]
        share = float(better.mean())
        best = self._best(worth, looked_at, gains)
        return OrderFinding(
            report=summarise(report[None], unit)[0],
            best=tuple(self.letters[position] for position in best),
            gain=summarise((self._area(worth, best) - report)[None], unit)[0],
            gain_elsewhere=summarise(self._gain_elsewhere(worth, report, looked_at, gains)[None], unit)[0],
            n_orders=len(looked_at),
            share_better=share,
            share_error=(share * (1.0 - share) / len(looked_at)) ** 0.5,
            share_low=float(by_luck.min()),
            share_high=float(by_luck.max()),
            share_clear=_share_clear(gains),
            is_exact=self.is_exact,
        )

    def _area(self, worth: Floats, order: tuple[int, ...]) -> Floats:
        return np.asarray(areas(worth, self._rows(paths_of(np.array(order)[None])))[0])

    def _best(self, worth: Floats, looked_at: Ints, gains: Floats) -> tuple[int, ...]:
        """The best order on the mean of the lucks given, exactly where every combination was run; or the report's."""
        if self.is_exact:
            best = best_order(central(worth)[self.row_of])[0]
        else:
            best = tuple(int(position) for position in looked_at[int(np.argmin(central(gains)))])
        reports = tuple(range(len(self.letters)))
        values = [float(central(self._area(worth, order)[None])[0]) for order in (best, reports)]
        return best if values[0] < values[1] else reports

    def _gain_elsewhere(self, worth: Floats, report: Floats, looked_at: Ints, gains: Floats) -> Floats:
        """Each luck's gain from the order that the other lucks choose; draws stay whole, since they share beliefs."""
        found = np.full(report.shape, np.nan)
        axis = 0 if report.shape[0] > 1 else 1
        for left_out in range(report.shape[axis]):
            here = (left_out,) if axis == 0 else (slice(None), left_out)
            others = np.delete(worth, left_out, axis=axis + 1)
            if others.size and np.isfinite(others[0]).any():
                best = self._best(others, looked_at, np.delete(gains, left_out, axis=axis + 1))
                found[here] = (self._area(worth, best) - report)[here]
        return found


def _without_rounding(gains: Floats, worth: Floats) -> Floats:
    """Gains, where those that are but rounding of the worths are nought."""
    return np.where(np.abs(gains) < _ROUNDING * np.nanmax(np.abs(worth)), 0.0, gains)


def _share_clear(gains: Floats) -> float:
    """Share of orders that are better by more than their error over lucks; no figure with one luck."""
    draws = np.isfinite(gains[0]).any(axis=1)
    by_draw = np.nanmean(gains[:, draws], axis=-1) if draws.sum() > 1 else gains[:, draws].reshape(len(gains), -1)
    by_draw = by_draw[:, np.isfinite(by_draw[0])]
    n = by_draw.shape[1]
    if n < 2:
        return float("nan")
    error = by_draw.std(axis=1, ddof=1) / n**0.5
    return float((by_draw.mean(axis=1) < -_CLEAR * error).mean())


def compare_principles(results: xr.Dataset) -> PrincipleEffects:
    """The effects of principles, from the results of a study of them.

    Parameters
    ----------
    results : xarray.Dataset
        As `demandsim.read_principles` gives.

    Raises
    ------
    RequestError
        If no luck has run all of its combinations.
    """
    return PrincipleEffects(results)
