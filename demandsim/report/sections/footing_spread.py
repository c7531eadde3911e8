"""How much of the spread between runs is luck, what we believe, and who happens to live in the place."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.comparison.paired import LUCK
from demandsim.comparison.variance import COMPONENTS, Split, split_variance
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Table
from demandsim.report.charts.spread import draw_spread
from demandsim.report.sections.case import Case, picture
from demandsim.study.footing.record import Footing

TITLES: Final = {
    "luck": "Luck",
    "place": "Place",
    "belief": "Belief",
}
_MEANINGS: Final = {
    "luck": "what happens to the same households under the same beliefs",
    "place": "which households happen to live there",
    "belief": "what we do not know about needs, help and prices",
}


def spread(case: Case, found: Footing) -> Exhibit | None:
    """The split, at the size of the footing study and at the study's own; None where it cannot be told."""
    size = found.households
    small = split_variance(*(one["cash"] / size for one in (found.draws, found.other_luck, found.other_people)))
    if small is None:
        return None
    sizes = list(dict.fromkeys((size, found.study_households)))
    splits = [small.at_size(size, one) for one in sizes]
    if len(sizes) > 1:
        splits[-1] = splits[-1].with_runs(_runs(case) / sizes[-1])
    finding = _finding(splits[-1], sizes[-1])
    svg = picture(
        draw_spread([f"{one:,} households" for one in sizes], [one.share for one in splits]),
        "spread",
        finding,
        "Bars, each the whole variance of the cost between runs, in three parts: luck, place and belief.",
    )
    sentence = (
        f"{words.count_of(small.n_draws, 'set')} of beliefs were run on {size:,} households, each with other "
        f"people; {small.n_again} of them again with another luck, and again with other people. Luck and place "
        "average out: their variance falls in proportion to the number of households. What we believe does not, so "
        "that neither more runs nor more households narrow it: only evidence can."
    )
    if len(sizes) > 1:
        sentence += (
            f" For the {sizes[-1]:,} households of this study luck and place follow from that rule; belief is how far "
            f"its own {words.with_runs(case.n_runs)} lie apart beyond that luck: in a small place luck may hide it."
        )
    rows = tuple(_row(position, small, splits) for position in range(len(COMPONENTS)))
    head = ("Part", "Spread of one run, a household", *(f"Share, {one:,} households" for one in sizes))
    caption = (
        f"What makes one run's cost differ from another's, from {words.with_runs(small.n_draws + 2 * small.n_again)}. "
        f"The spread is a standard deviation over all years, with {size:,} households. The smaller figures are the two "
        "between which nine in ten of a thousand re-draws of the sets of beliefs lie."
    )
    return Exhibit(finding, sentence, svg, Table(caption, head, rows))


def _runs(case: Case) -> NDArray[np.float64]:
    """The difference in cash of all agencies in each run of the study, GBP."""
    values = case.comparison.cost.values
    over = [dim for dim in values.dims if dim not in LUCK]
    return np.asarray(values.sum(over, skipna=False).to_numpy(), np.float64).ravel()


def _row(position: int, small: Split, splits: list[Split]) -> tuple[Cell, ...]:
    name = COMPONENTS[position]
    low, high = small.sd_ends[:, position]
    cells = [Cell(words.money(float(small.sd[position])), words.level_range(low, high, words.money))]
    for split in splits:
        low, high = split.share_ends[:, position]
        cells.append(Cell(words.percent(split.share[position]), words.level_range(low, high, words.percent)))
    return Cell(TITLES[name], _MEANINGS[name]), *cells


def _finding(own: Split, households: int) -> str:
    share = dict(zip(COMPONENTS, own.share, strict=True))
    largest = max(share, key=lambda name: share[name])
    if not share[largest] > 0:
        return "The cost is the same in every run"
    what = "what we believe" if largest == "belief" else TITLES[largest].lower()
    low, high = own.share_ends[:, COMPONENTS.index(largest)]
    sure = f"({words.percent(low)} to {words.percent(high)})"
    return (
        f"{words.percent(share[largest])} of the spread between runs is {what}, with {households:,} households {sure}"
    )
