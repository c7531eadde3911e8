"""The spiral's section of the drift page: what fewer posts saved, what came back, and each link on the way.

Takes a measured spiral; gives sections and sentences. Every word follows from the figures: the loop may as well die
away.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from demandsim.comparison.spiral import RETURNS, SAVES
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import Row, draw_rows
from demandsim.report.sections.case import picture

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.spiral import Spiral

#: Parts that the argument names, and parts that it forgets.
CRISIS: Final = ("crisis", "living")
CONTACT: Final = ("answering", "income")
#: Heads of the links' columns.
LINK_TITLES: Final = {
    "referral": "Referred to early help",
    "admitted": "Taken on",
    "lapsed": "Gave up waiting",
    "months_waited": "Wait of those taken on",
    "severe_months": "Months with complex need or in crisis",
    "crisis_months": "Months in crisis",
}


def pence(gbp: float) -> str:
    """What comes back of a pound, without its sign: 3p, under 1p, £1.40."""
    if not math.isfinite(gbp):
        return "not known"
    size = abs(gbp)
    if size >= 0.995:
        return f"£{size:.2f}"
    return "under 1p" if 0.0 < size < 0.005 else f"{100.0 * size:.0f}p"


def verdict(back: Estimate) -> str:
    """Whether what comes back of a pound feeds the loop: only more than a pound does."""
    if not math.isfinite(back.mean):
        return "posts do not cost clearly less, so it cannot be told what comes back of a pound"
    if words.direction(back) == "too few":
        return f"too few runs to tell ({words.with_runs(back.n_runs)})"
    if back.high < 1.0:
        return "less than was saved, so the loop dies away"
    return "more than was saved, so cuts make the gap wider" if back.low > 1.0 else "it could be more than was saved"


def spiral_sentences(spiral: Spiral) -> tuple[str, ...]:
    """One sentence a scenario: what posts saved, what came back by way of crisis and of contact, and the verdict."""
    said = []
    for one in spiral.others:
        title, saved = spiral.meta.scenario_title(one), spiral.beyond(one, *SAVES)
        back, crisis = spiral.comes_back(one, *RETURNS), spiral.comes_back(one, *CRISIS)
        if not math.isfinite(back.mean):
            said.append(f"“{title}”: {verdict(back)}.")
            continue
        contact = spiral.comes_back(one, *CONTACT)
        said.append(
            f"“{title}”: posts cost {words.money(saved.mean)} less in {spiral.year}. For each £1 of that, crisis "
            f"services and other costs of need {_moved(crisis)} (nine in ten of {words.with_runs(crisis.n_runs)}: "
            f"{words.signed_range(crisis.low, crisis.high, pence)}), and everyday contact {_moved(contact)} "
            f"({words.signed_range(contact.low, contact.high, pence)}): {verdict(back)}."
        )
    return tuple(said)


def _moved(back: Estimate) -> str:
    if pence(back.mean) in ("0p", "under 1p"):
        return "hardly moved"
    return f"{'rose' if back.mean > 0.0 else 'fell'} by {pence(back.mean)}"


def spiral_section(spiral: Spiral) -> Section:
    """The section; figures are of the last year, when most cuts are in force."""
    base = spiral.meta.scenario_title(spiral.baseline)
    return Section(
        "spiral",
        "Link by link: do cuts come back as crisis?",
        (
            f"Each scenario against “{base}” in {spiral.year}, the last year. Posts that are cut save pay. What demand "
            "leads agencies to pay may then grow: crisis services, other costs of being in need, and contacts that are "
            "made again because nobody has dealt with the matter. A loop feeds itself only where more than £1 comes "
            "back for each £1 saved; otherwise each round is smaller than the one before.",
        ),
        spiral_sentences(spiral),
        exhibits=(_money(spiral, base), _links(spiral, base)),
    )


def _money(spiral: Spiral, base: str) -> Exhibit:
    backs = {one: spiral.comes_back(one, *CRISIS) for one in spiral.others}
    rows = [
        Row(spiral.meta.scenario_title(one), back, words.signed(back.mean, pence), 0.01) for one, back in backs.items()
    ]
    finding = f"What came back as crisis and need in {spiral.year}, for each £1 less on posts"
    svg = picture(
        draw_rows(rows, "Pence for each £1 less on posts: 100 and the cut has saved nothing"),
        "spiral",
        finding,
        "Crisis services and other costs of need that came back for each pound less on posts, with nine in ten runs.",
    )
    head = (
        "Scenario", "Back for each £1, all", "Early help", "Targeted help", "Everyday work", "Crisis services",
        "Other costs of need", "Answering contact", "Income from charges",
    )  # fmt: skip
    table = Table(
        interval_caption(f"Cash of cash-limited purses in {spiral.year} beyond “{base}”", _runs(spiral)),
        head,
        tuple(_money_row(spiral, one) for one in spiral.others),
    )
    sentence = (
        "Posts are cut in early help, targeted help and everyday work. Income lost counts as a cost: a plus there is "
        "less income. Each run is divided by the mean saving of all runs, so that one in which little was cut does not "
        "explode. Every contact that is made again is answered and paid for here; in life some would go unanswered, so "
        "the cost of answering is the most that it could be."
    )
    return Exhibit(finding, sentence, svg, table)


def _money_row(spiral: Spiral, scenario: str) -> tuple[Cell, ...]:
    parts = (change_cell(spiral.beyond(scenario, part), words.money) for part in (*SAVES, *RETURNS))
    back = spiral.comes_back(scenario, *RETURNS)
    whole = change_cell(back, pence) if math.isfinite(back.mean) else Cell("–", "not clearly saved")
    return (Cell(spiral.meta.scenario_title(scenario)), whole, *parts)


def _links(spiral: Spiral, base: str) -> Exhibit:
    rows = tuple(
        (
            Cell(spiral.meta.scenario_title(one)),
            *(change_cell(spiral.link(one, link), words.percent) for link in LINK_TITLES),
        )
        for one in spiral.others
    )
    table = Table(
        interval_caption(f"Early help and need in {spiral.year}, against “{base}”", _runs(spiral)),
        ("Scenario", *LINK_TITLES.values()),
        rows,
    )
    sentence = (
        "Fewer posts hold fewer cases, so waits grow and people give up; a team that was cut also offers less, by a "
        "power of the posts left that nobody has measured and that may be nought. The wait is of those who were taken "
        "on: where most give up, the few who are left may have waited less."
    )
    return Exhibit("Early help, waits and need", sentence, table=table)


def _runs(spiral: Spiral) -> int:
    return spiral.beyond(spiral.others[0], *SAVES).n_runs
