"""The tables of a study of principles, as blocks that a page and a terminal both show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from demandsim.comparison.principle_measures import CASH, CRISIS, OWN_COST
from demandsim.report import words
from demandsim.report.block import Cell, Table, change_cell, interval_caption

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.principles import OrderFinding, PrincipleEffects

#: What the staircase, the shares, the synergies and the orders are told for.
MAIN: Final = (CASH, CRISIS)
_MOST_PAIRS: Final = 10


def named(effects: PrincipleEffects, letter: str) -> str:
    """A principle's letter and title."""
    return f"{letter}. {effects.title(letter)}"


def contribution_table(effects: PrincipleEffects, measure: str) -> Table:
    """Step by step, all so far, and the share that depends on no order."""
    form = words.formatter(effects.unit(measure))
    own = {one.letter: one.fair.mean for one in effects.contributions(OWN_COST)} if measure == CASH else {}
    rows = []
    for one in effects.contributions(measure):
        rows.append(
            (
                Cell(named(effects, one.letter)),
                change_cell(one.step, form),
                change_cell(one.reached, form),
                change_cell(one.fair, form),
                *([Cell(words.signed(own[one.letter], form))] if own else []),
                Cell(form(one.fair.standard_error)),
                Cell("none: all were counted" if effects.is_exact else form(one.order_error)),
            )
        )
    whole = effects.whole(measure)
    every, nothing = change_cell(whole, form), Cell("")
    paid = [Cell(words.signed(sum(own.values()), form))] if own else []
    rows.append((Cell("All together"), nothing, every, every, *paid, nothing, nothing))
    title = effects.measure_title(measure)
    caption = interval_caption(f"{title} ({words.unit_words(effects.unit(measure))})", effects.n_runs)
    head = (
        "Principle",
        "On top of those before it",
        "All so far",
        "Fair share (Shapley)",
        *(["Of which what it costs itself"] if own else []),
        "Error of the share from luck and belief",
        "Error from sampling orders",
    )
    return Table(caption, head, tuple(rows))


#: What tables by purse and by outcome are about, and how it is told.
WAYS: Final = {"step": "What each principle adds when its turn comes, in", "fair": "Each principle's fair share of"}


def purse_table(effects: PrincipleEffects, way: str) -> Table:
    """Steps or fair shares of cash by purse; purses that nothing moves are left out."""
    found = {purse: effects.contributions(purse) for purse in effects.purses}
    moved = {purse: rows for purse, rows in found.items() if any(one.fair.low or one.fair.high for one in rows)}
    rows = [
        (
            Cell(named(effects, letter)),
            *(change_cell(getattr(rows[position], way), words.money) for rows in moved.values()),
        )
        for position, letter in enumerate(effects.letters)
    ]
    rows.append((Cell("All together"), *(change_cell(effects.whole(purse), words.money) for purse in moved)))
    caption = interval_caption(f"{WAYS[way]} the cash of each purse", effects.n_runs)
    return Table(caption, ("Principle", *(effects.measure_title(purse) for purse in moved)), tuple(rows))


def outcome_table(effects: PrincipleEffects, way: str) -> Table:
    """Steps or fair shares of outcomes."""
    names = effects.outcomes
    forms = [words.change_formatter(effects.unit(name)) for name in names]
    found = [effects.contributions(name) for name in names]
    rows = [
        (
            Cell(named(effects, letter)),
            *(change_cell(getattr(rows[position], way), form) for rows, form in zip(found, forms, strict=True)),
        )
        for position, letter in enumerate(effects.letters)
    ]
    wholes = (change_cell(effects.whole(name), form) for name, form in zip(names, forms, strict=True))
    rows.append((Cell("All together"), *wholes))
    caption = interval_caption(f"{WAYS[way]} outcomes", effects.n_runs)
    heads = (f"{effects.measure_title(name)} ({words.unit_words(effects.unit(name))})" for name in names)
    return Table(caption, ("Principle", *heads), tuple(rows))


def synergy_matrix(effects: PrincipleEffects, measure: str) -> Table:
    """Every pair's interaction; those that could be either are said to be."""
    form = words.formatter(effects.unit(measure))
    pairs = {frozenset((one.one, one.other)): one.extra for one in effects.synergies(measure)}
    rows = []
    for letter in effects.letters:
        cells = []
        for other in effects.letters:
            extra = pairs.get(frozenset((letter, other)))
            cells.append(Cell("") if extra is None or other < letter else change_cell(extra, form))
        rows.append((Cell(letter), *cells))
    caption = interval_caption(
        f"{effects.measure_title(measure)}: what two principles do beyond the sum of the two", effects.n_runs
    )
    return Table(caption, ("", *effects.letters), tuple(rows))


def pair_table(effects: PrincipleEffects, measure: str) -> Table:
    """The pairs that do most beyond, or short of, the sum of the two."""
    form = words.formatter(effects.unit(measure))
    rows = [
        (Cell(f"{one.one} with {one.other}"), change_cell(one.extra, form), Cell(verdict(one.extra)))
        for one in effects.synergies(measure)[:_MOST_PAIRS]
    ]
    title = effects.measure_title(measure)
    caption = interval_caption(f"{title}: the {len(rows)} largest interactions of {_n_pairs(effects)}", effects.n_runs)
    return Table(caption, ("Pair", "Beyond the sum of the two", "So"), tuple(rows))


def _n_pairs(effects: PrincipleEffects) -> int:
    n = len(effects.letters)
    return n * (n - 1) // 2


def verdict(estimate: Estimate) -> str:
    """What a difference says, in three words."""
    told = {"less": "less", "more": "more", "either": "could be either", "same": "no difference"}
    return told.get(words.direction(estimate), "too few runs to say")


def order_table(effects: PrincipleEffects, measure: str, found: OrderFinding) -> Table:
    """The report's order against the others."""
    form = words.formatter(effects.unit(measure))
    looked = "of all orders, as sampled" if found.is_exact else "of the orders that were run"
    best = "Best order" if found.is_exact else "Best of the orders that were run"
    rows = [
        (Cell("The report's order"), Cell(", ".join(effects.letters)), change_cell(found.report, form)),
        (
            Cell(best),
            Cell(", ".join(found.best) if found.best != effects.letters else "none is better than the report's"),
            Cell(""),
        ),
        (
            Cell("The best order less the report's"),
            Cell("On the lucks by which it was chosen, which flatters it"),
            change_cell(found.gain, form),
        ),
        (
            Cell("The same, fairly"),
            Cell("Each luck judges the order that the others choose"),
            change_cell(found.gain_elsewhere, form) if found.gain_elsewhere.n_runs else Cell("not known: one luck"),
        ),
        (
            Cell("Orders better than the report's"),
            Cell(f"{found.n_orders:,} looked at, {looked}"),
            Cell(
                f"{words.percent(found.share_better)} ± {words.percent(found.share_error)}",
                f"luck by luck {words.percent(found.share_low)} to {words.percent(found.share_high)}",
            ),
        ),
        (
            Cell("Orders clearly better"),
            Cell("By more than two standard errors over lucks"),
            Cell(words.percent(found.share_clear)),
        ),
    ]
    caption = interval_caption(
        f"{effects.measure_title(measure)}: the mean of what is gained after each of {len(effects.letters)} stages",
        effects.n_runs,
    )
    return Table(caption, ("", "What", words.unit_words(effects.unit(measure)).capitalize()), tuple(rows))


def principle_tables(effects: PrincipleEffects) -> Iterator[Table]:
    """Every table, as a terminal shows them."""
    for measure in MAIN:
        yield contribution_table(effects, measure)
    for way in WAYS:
        yield purse_table(effects, way)
        yield outcome_table(effects, way)
    for measure in MAIN:
        if effects.is_exact:
            yield pair_table(effects, measure)
    for measure in MAIN:
        yield order_table(effects, measure, effects.orders(measure))
