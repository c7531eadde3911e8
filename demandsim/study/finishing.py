"""What only finished results can tell: which beliefs moved the answer, and what the size of the place hides.

Takes results and the draws behind them; gives records for `meta`. Never says more than so few draws allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from demandsim.parameters.belief import Value
from demandsim.parameters.book import Book
from demandsim.study.plan import Plan

Floats = NDArray[np.float64]

#: With fewer draws a rank correlation says nothing.
FEWEST_DRAWS: Final = 8
_MOST_RANKED: Final = 30
#: A count whose yearly luck alone is within this share either way can be told.
_TELLING: Final = 0.05


def finish_meta(plan: Plan, results: xr.Dataset, meta: dict[str, Any]) -> dict[str, Any]:
    """The record with its ranking of beliefs and what the place's size cannot tell."""
    ranking = rank_beliefs(plan, results)
    place = dict(meta["place"])
    place["cannot_tell"] = " ".join(part for part in (place["cannot_tell"], say_size(plan, results)) if part)
    not_known = list(meta["not_known"])
    if ranking:
        not_known.append(_say_ranking(ranking[0]))
    return {**meta, "belief_ranking": ranking, "place": place, "not_known": not_known}


def rank_beliefs(plan: Plan, results: xr.Dataset) -> list[dict[str, Any]]:
    """Beliefs by the rank correlation of their drawn value with the headline's total cash difference.

    Returns
    -------
    list of dict
        ``name``, ``strength`` (-1 to 1), ``evidence``, ``runs``, ``chance`` (what chance alone would give the
        strongest of so many), ``measure``; strongest first, empty below `FEWEST_DRAWS` draws.
    """
    if not plan.headline:
        return []
    both = results.sel(scenario=[plan.scenario_ids[0], plan.headline])
    cash = both["cost"].sel(account="cash").sum(["payer", "category", "year"]).where(both["status"] == 0)
    moved = (cash.isel(scenario=1) - cash.isel(scenario=0)).mean("replicate", skipna=True).to_numpy()
    good = np.flatnonzero(np.isfinite(moved))
    if good.size < FEWEST_DRAWS or np.ptp(moved[good]) == 0.0:
        return []
    names = [name for name, belief in plan.book.uncertainties.items() if not belief.is_certain]
    values = drawn_values(plan.book, plan.seed, good, names)
    strengths = _correlations(values, moved[good])
    chance = luckiest(good.size, len(names))
    order = np.argsort(-np.abs(strengths), kind="stable")[:_MOST_RANKED]
    measure = f"Rank correlation over {good.size} draws"
    runs = int(np.isfinite(cash.sel(scenario=plan.headline)).sum())
    return [
        {
            "name": names[i],
            "strength": round(float(strengths[i]), 4),
            "evidence": plan.book[names[i]].evidence,
            "runs": runs,
            "chance": round(chance, 2),
            "measure": measure,
        }
        for i in order
        if strengths[i]
    ]


def drawn_values(book: Book, seed: int, draws: NDArray[np.int64], names: list[str]) -> Floats:
    """One number a draw and belief, shape (draws, beliefs); numbers by label move together, so their sum will do."""
    return np.array(
        [[_one(draw.dated(name)[0][1]) for name in names] for draw in (book.draw(seed, int(d)) for d in draws)]
    )


def _one(value: Value) -> float:
    if isinstance(value, str):
        return 0.0
    return float(sum(value.values())) if isinstance(value, Mapping) else float(value)


def _correlations(values: Floats, moved: Floats) -> Floats:
    """Spearman's rank correlation of every column with one series; 0 for a column that does not vary."""
    from scipy.stats import rankdata

    x = rankdata(values, axis=0)
    y = rankdata(moved)
    x -= x.mean(axis=0)
    y -= y.mean()
    spread = np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    return np.asarray(np.divide(y @ x, spread, out=np.zeros(x.shape[1]), where=spread > 0.0))


def luckiest(n_draws: int, n_beliefs: int) -> float:
    """Rank correlation that the strongest of so many idle beliefs reaches in half of all studies of this size."""
    from scipy.stats import t

    beyond = 1.0 - 0.5 ** (1.0 / n_beliefs)
    at = float(t.isf(beyond / 2.0, n_draws - 2))
    return at / float(np.sqrt(n_draws - 2 + at * at))


def _say_ranking(first: dict[str, Any]) -> str:
    return (
        "The ranking of beliefs is a hint only: with so few draws and so many beliefs, the strongest of beliefs that "
        f"do nothing would by chance show a strength of about {first['chance']:.2f}."
    )


def say_size(plan: Plan, results: xr.Dataset) -> str:
    """What the number of households simulated is too small to tell: the rarest crisis service, year by year."""
    crisis = [one for one in plan.book.services.values() if one.tier == "crisis"]
    base = results.isel(scenario=0)
    admitted = (
        base["activity"].sel(event="admitted").sum("month").where(base["status"] == 0).mean(["draw", "replicate"])
    )
    yearly = {one.name: float(admitted.sel(service=one.name)) / plan.years for one in crisis}
    some = {name: count for name, count in yearly.items() if count > 0}
    if not some:
        return ""
    name = min(some, key=lambda one: some[one])
    share = 2.0 / float(np.sqrt(some[name]))
    if share < _TELLING:
        return ""
    title = plan.book.services[name].title
    title = title[:1].lower() + title[1:] if not title[:2].isupper() else title
    size = f"With {plan.place.n_households:,} households simulated,"
    said = f"{size} {title} begins about {_count(some[name])} times a year. In any one year luck alone"
    if share >= 1.0:
        return f"{said} may halve or double that, so no change in it can be told year by year."
    return f"{said} moves that by up to {share:.0%} either way."


def _count(number: float) -> str:
    return f"{number:,.0f}" if number >= 2 else f"{number:.1f}"
