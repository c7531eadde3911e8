"""How a policy stands up when the times turn out otherwise: the same study under several futures.

Takes results by future; gives each policy's difference from the study's first scenario in each, its regret, and the
policies that a cautious reader would choose. Differences are paired within a future; a future is never more likely than
another, so nothing is averaged over futures. The first scenario is a policy too: to go on as now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from demandsim.comparison.estimate import FEWEST_RUNS, Estimate, summarise
from demandsim.comparison.measures import MEASURES, Measure
from demandsim.comparison.paired import LUCK, as_row
from demandsim.errors import Fault, RequestError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = NDArray[np.float64]

#: Measures of which less is better, by which policies are judged: two answers, never made one.
JUDGED_BY: Final = ("cash", "crisis_months")


@dataclass(frozen=True)
class Standing:
    """One policy in one future.

    Attributes
    ----------
    difference : Estimate
        From the first scenario, run by run.
    regret : Estimate
        From the policy with the lowest mean in that future, run by run: what not having chosen it costs. It is nought
        for that policy itself, and its interval may reach below nought where luck or beliefs favour another.
    """

    difference: Estimate
    regret: Estimate


@dataclass(frozen=True)
class Verdict:
    """One policy over all futures.

    Attributes
    ----------
    worst : float
        Its largest mean difference, in the future that suits it least.
    largest_regret : float
    n_better, n_runs : int
        Runs below nought, and runs, over all futures.
    sign : str
        ``less`` or ``more`` where the mean is on one side of nought in every future, ``none`` where it is nought in
        every one, else ``changes``.
    is_sure : bool
        Whether in every future nine in ten runs lie on that side, of at least `estimate.FEWEST_RUNS`.
    """

    worst: float
    largest_regret: float
    n_better: int
    n_runs: int
    sign: str
    is_sure: bool

    @property
    def share_better(self) -> float:
        """Share of futures × runs in which there is less than in the first scenario."""
        return self.n_better / self.n_runs if self.n_runs else float("nan")


@dataclass(frozen=True)
class Robustness:
    """All policies in all futures, by one measure.

    Attributes
    ----------
    measure : Measure
    futures, policies : tuple of str
        Ids; the first policy is the one compared with.
    standings : mapping of (future, policy) to Standing
    best : mapping of future to policy
        With the lowest mean.
    verdicts : mapping of policy to Verdict
    maximin : str
        The policy whose worst future is least bad: the smallest `Verdict.worst`.
    minimax_regret : str
        The policy of the smallest `Verdict.largest_regret`.
    """

    measure: Measure
    futures: tuple[str, ...]
    policies: tuple[str, ...]
    standings: Mapping[tuple[str, str], Standing]
    best: Mapping[str, str]
    verdicts: Mapping[str, Verdict]
    maximin: str
    minimax_regret: str

    @property
    def baseline(self) -> str:
        """The policy that all are compared with."""
        return self.policies[0]

    def frame(self) -> pd.DataFrame:
        """A row for each future and policy: difference and regret with intervals and runs."""
        import pandas as pd

        rows = []
        for (future, policy), standing in self.standings.items():
            regret = standing.regret
            row = {"measure": self.measure.name, "future": future, "policy": policy, **as_row(standing.difference)}
            rows.append(row | {"regret": regret.mean, "regret_low": regret.low, "regret_high": regret.high})
        return pd.DataFrame(rows)

    def record(self) -> dict[str, Any]:
        """Everything as plain data; a figure that is not known is None."""
        return {
            "measure": self.measure.name,
            "unit": self.measure.unit,
            "baseline": self.baseline,
            "maximin": self.maximin,
            "minimax_regret": self.minimax_regret,
            "best": dict(self.best),
            "verdicts": {policy: _plain(one.__dict__) for policy, one in self.verdicts.items()},
            "rows": [_plain(row) for row in self.frame().to_dict("records")],
        }


def judge(futures: Mapping[str, xr.Dataset], measure: str = "cash") -> Robustness:
    """Judge the policies of one study by its results under several futures.

    Parameters
    ----------
    futures : mapping of future to results
        The same scenarios in each, in the same order.
    measure : str
        A name of `JUDGED_BY`.

    Raises
    ------
    RequestError
        If there are fewer than two futures or two scenarios, the scenarios differ, the measure is none of those, or a
        policy succeeded in no run of some future.
    """
    if measure not in JUDGED_BY:
        what = f"Policies are not judged by `{measure}`."
        raise RequestError(Fault("robustness", what, f"Measures: {', '.join(JUDGED_BY)}."))
    policies = _common_policies(futures)
    chosen = next(one for one in MEASURES if one.name == measure)
    standings: dict[tuple[str, str], Standing] = {}
    best = {}
    for future, results in futures.items():
        values = chosen.read(results).transpose("scenario", *LUCK).to_numpy()
        best[future], found = _stand(values, policies, chosen.unit, future)
        standings |= {(future, policy): standing for policy, standing in found.items()}
    names = tuple(futures)
    verdicts = {policy: _verdict([standings[future, policy] for future in names]) for policy in policies}
    return Robustness(
        measure=chosen,
        futures=names,
        policies=policies,
        standings=standings,
        best=best,
        verdicts=verdicts,
        maximin=min(policies, key=lambda policy: verdicts[policy].worst),
        minimax_regret=min(policies, key=lambda policy: verdicts[policy].largest_regret),
    )


def _common_policies(futures: Mapping[str, xr.Dataset]) -> tuple[str, ...]:
    if len(futures) < 2:
        raise RequestError("Robustness needs at least two futures.")
    lists = {tuple(str(name) for name in results["scenario"].values) for results in futures.values()}
    if len(lists) > 1:
        raise RequestError("The futures do not hold the same scenarios. Run one study under all of them.")
    policies = lists.pop()
    if len(policies) < 2:
        raise RequestError("There is one scenario only, so there is nothing to choose between.")
    return policies


def _stand(values: Floats, policies: Sequence[str], unit: str, future: str) -> tuple[str, dict[str, Standing]]:
    """The best policy of a future, and where each stands. ``values`` has shape (scenarios, draws, replicates)."""
    differences = values - values[0]
    estimates = summarise(differences, unit)
    for policy, estimate in zip(policies, estimates, strict=True):
        if not estimate.n_runs:
            raise RequestError(f"`{policy}` succeeded in no run beside `{policies[0]}` in the future `{future}`.")
    best = int(np.argmin([estimate.mean for estimate in estimates]))
    regrets = summarise(differences - differences[best], unit)
    found = {
        policy: Standing(difference, regret)
        for policy, difference, regret in zip(policies, estimates, regrets, strict=True)
    }
    return policies[best], found


def _verdict(standings: Sequence[Standing]) -> Verdict:
    differences = [standing.difference for standing in standings]
    means = [estimate.mean for estimate in differences]
    sign, is_sure = "changes", False
    if all(mean < 0.0 for mean in means):
        sign, is_sure = "less", all(_is_enough(one) and one.high < 0.0 for one in differences)
    elif all(mean > 0.0 for mean in means):
        sign, is_sure = "more", all(_is_enough(one) and one.low > 0.0 for one in differences)
    elif all(mean == 0.0 for mean in means):
        sign, is_sure = "none", all(_is_enough(one) and one.low == one.high == 0.0 for one in differences)
    return Verdict(
        worst=max(means),
        largest_regret=max(standing.regret.mean for standing in standings),
        n_better=sum(estimate.n_below for estimate in differences),
        n_runs=sum(estimate.n_runs for estimate in differences),
        sign=sign,
        is_sure=is_sure,
    )


def _is_enough(estimate: Estimate) -> bool:
    return estimate.n_runs >= FEWEST_RUNS


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): None if isinstance(entry, float) and np.isnan(entry) else entry for key, entry in row.items()}


__all__ = ["JUDGED_BY", "Robustness", "Standing", "Verdict", "judge"]
