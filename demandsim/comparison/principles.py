"""What each whole-place principle adds, alone and with the others, and in which order they are best taken up.

Takes the results of a study of principles; gives estimates over lucks, with the error of sampled orders apart. A gain
here is a difference from no principle: less cash and fewer months in crisis are below nought.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.games import Floats, Ints, areas, best_order, shapley_interactions, shapley_values
from demandsim.comparison.principle_findings import Contribution, OrderFinding, Synergy
from demandsim.comparison.principle_measures import CASH, OWN_COST, PrincipleMeasures, central
from demandsim.errors import Fault, RequestError
from demandsim.study.orders import paths_of, sample_orders, sample_pairs

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

#: Of all orders there are, as many are looked at.
ORDERS_LOOKED_AT: Final = 100_000
#: An order is clearly better where chance alone would make so good a mean of so many draws one time in forty.
_CLEAR: Final = 0.975
_ROUNDING: Final = 1e-12
#: Of many orders that were carried out, as many of the best and of the worst are told.
_SHOWN: Final = 10


class PrincipleEffects(PrincipleMeasures):
    """The results of a study of principles, as a game in which principles are the players."""

    @cached_property
    def report_path(self) -> Ints:
        """Rows of the stages of the report's order, shape (1, principles + 1)."""
        return self._rows(paths_of(np.arange(len(self.letters))[None]))

    def _rows(self, masks: Ints) -> Ints:
        rows = np.asarray(self.row_of[masks])
        if (rows < 0).any():
            what = "these results lack combinations that the figures need."
            raise RequestError(Fault("principles", what, "Run the study again, into another folder."))
        return rows

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
        """What each pair does beyond the sum of the two, the largest first."""
        worth, unit, n = self.worth(measure), self.unit(measure), len(self.letters)
        pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
        if not pairs:
            return []
        whole = 2**n - 1
        alone = np.array([self._beyond_sum(worth, 0, i, j) for i, j in pairs])
        on_top = np.array([self._beyond_sum(worth, whole ^ (1 << i | 1 << j), i, j) for i, j in pairs])
        if self.is_exact:
            index = shapley_interactions(worth[self.row_of])
            extra = np.array([index[i, j] for i, j in pairs])
        else:
            extra = (alone + on_top) / 2.0
        found = [summarise(_without_rounding(values, worth), unit) for values in (alone, on_top, extra)]
        told = [Synergy(self.letters[i], self.letters[j], *each) for (i, j), *each in zip(pairs, *found, strict=True)]
        return sorted(told, key=lambda pair: -abs(pair.extra.mean))

    def _beyond_sum(self, worth: Floats, others: int, one: int, other: int) -> Floats:
        """What two principles do beyond the sum of the two, on top of others."""
        added = np.array([others, others | 1 << one, others | 1 << other, others | 1 << one | 1 << other])
        neither, first, second, both = worth[self._rows(added)]
        return np.asarray(both - first - second + neither)

    def rest(self, measure: str) -> list[Estimate]:
        """What each principle's fair share of cash comes to without what it costs itself."""
        net = self._fair(self.worth(measure))[0] - self._fair(self.worth(OWN_COST))[0]
        return summarise(_without_rounding(net, self.worth(measure)), self.unit(measure))

    @property
    def whole_own(self) -> float:
        """What all principles cost themselves (GBP)."""
        return self.whole(OWN_COST).mean

    @property
    def whole_rest(self) -> Estimate:
        """Cash of all agencies with all principles less that with none, without what they cost themselves."""
        apart = self.worth(CASH) - self.worth(OWN_COST)
        ends = apart[self.report_path[0]]
        return summarise(_without_rounding(ends[-1] - ends[0], self.worth(CASH))[None], self.unit(CASH))[0]

    @cached_property
    def idle(self) -> tuple[str, ...]:
        """Principles that, in every run, change no cash but their own cost and none of the outcomes shown."""
        moved = [self._fair(self.worth(CASH))[0] - self._fair(self.worth(OWN_COST))[0]]
        moved = [_without_rounding(moved[0], self.worth(CASH))]
        moved += [self._fair(self.worth(name))[0] for name in self.outcomes]
        still = [not any(np.nan_to_num(values[row]).any() for values in moved) for row in range(len(self.letters))]
        return tuple(letter for letter, is_idle in zip(self.letters, still, strict=True) if is_idle)

    def orders(self, measure: str) -> OrderFinding:
        """Which orders do better than the report's on a measure of which less is better."""
        if measure not in self._orders:
            self._orders[measure] = self._compare_orders(measure)
        return self._orders[measure]

    @cached_property
    def _orders(self) -> dict[str, OrderFinding]:
        """Findings kept, since page and terminal ask for each more than once and it takes seconds."""
        return {}

    def _compare_orders(self, measure: str) -> OrderFinding:
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
            share_error=_share_error(better),
            share_low=float(by_luck.min()),
            share_high=float(by_luck.max()),
            share_clear=_share_clear(gains),
            is_exact=self.is_exact,
        )

    @property
    def has_rollouts(self) -> bool:
        """Whether orders were carried out in time, other than the report's."""
        return len(self.rolled_orders) > 1

    @property
    def stage_words(self) -> str:
        """Time from stage to stage of an order that is carried out."""
        months = int(self.results.attrs["stage_months"])
        return "month" if months == 1 else f"{months} months"

    def rolled_gains(self, measure: str) -> list[tuple[str, Estimate]]:
        """Orders carried out in time less the report's, the best first; of many the ten best and the ten worst."""
        rolled = self.rolled_worth(measure)
        gains = summarise(_without_rounding(rolled[1:] - rolled[0], rolled), self.unit(measure))
        found = sorted(zip(self.rolled_orders[1:], gains, strict=True), key=lambda one: one[1].mean)
        return found if len(found) <= 2 * _SHOWN else [*found[:_SHOWN], *found[-_SHOWN:]]

    def rollouts(self, measure: str) -> OrderFinding:
        """Which orders do better than the report's when each is carried out in time; less is better.

        Raises
        ------
        RequestError
            If no orders were carried out.
        """
        if not self.has_rollouts:
            raise RequestError(Fault("principles", "no orders were carried out in time.", "Ask for --rollouts 20."))
        unit, rolled = self.unit(measure), self.rolled_worth(measure)
        gains = _without_rounding(rolled[1:] - rolled[0], rolled)
        better = central(gains) < 0.0
        best = int(np.argmin(central(gains)))
        is_better = bool(better[best])
        return OrderFinding(
            report=summarise((rolled[0] - self.worth(measure)[self.row_of[0]])[None], unit)[0],
            best=tuple(self.rolled_orders[best + 1]) if is_better else self.letters,
            gain=summarise((gains[best] if is_better else 0.0 * gains[best])[None], unit)[0],
            gain_elsewhere=summarise(_chosen_elsewhere(gains)[None], unit)[0],
            n_orders=len(gains),
            share_better=float(better.mean()),
            share_error=_share_error(better),
            share_low=float((gains < 0.0).mean(axis=0)[self.ran].min()),
            share_high=float((gains < 0.0).mean(axis=0)[self.ran].max()),
            share_clear=_share_clear(gains),
            is_exact=False,
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


def _share_error(better: NDArray[np.bool_]) -> float:
    """Standard error of a share of orders; an order and its reverse mostly differ, so that it is if anything less."""
    share = float(better.mean())
    return float(np.sqrt(share * (1.0 - share) / better.size))


def _chosen_elsewhere(gains: Floats) -> Floats:
    """Each luck's gain from the order that the other draws choose among those run, or the other lucks of one draw."""
    found = np.full_like(gains[0], np.nan)
    axis = 0 if len(found) > 1 else 1
    for left_out in range(gains.shape[axis + 1]):
        here = (left_out,) if axis == 0 else (slice(None), left_out)
        others = np.delete(gains, left_out, axis=axis + 1)
        if others.size and np.isfinite(others[0]).any():
            mean = central(others)
            best = int(np.argmin(mean))
            found[here] = gains[best][here] if mean[best] < 0.0 else 0.0 * gains[best][here]
    return np.asarray(found)


def _share_clear(gains: Floats) -> float:
    """Share of orders that are better by more than their error over lucks; no figure with one luck."""
    draws = np.isfinite(gains[0]).any(axis=1)
    by_draw = np.nanmean(gains[:, draws], axis=-1) if draws.sum() > 1 else gains[:, draws].reshape(len(gains), -1)
    by_draw = by_draw[:, np.isfinite(by_draw[0])]
    n = by_draw.shape[1]
    if n < 2:
        return float("nan")
    from scipy.stats import t as student

    error = by_draw.std(axis=1, ddof=1) / n**0.5
    return float((by_draw.mean(axis=1) < -student.ppf(_CLEAR, n - 1) * error).mean())


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
