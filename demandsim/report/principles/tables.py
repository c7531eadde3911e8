"""The tables of a study of principles, as blocks that a page and a terminal both show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from demandsim.comparison.principle_measures import CASH, CRISIS, OWN_COST
from demandsim.report import words
from demandsim.report.block import Cell, Table, change_cell, interval_caption

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.principle_findings import OrderFinding
    from demandsim.comparison.principles import PrincipleEffects

#: What the staircase, the shares, the synergies and the orders are told for.
MAIN: Final = (CASH, CRISIS)
MOST_PAIRS: Final = 10
#: What is told of an order that is carried out.
IN_TIME: Final = "each order carried out in time, stage by stage, less none"


def named(effects: PrincipleEffects, letter: str) -> str:
    """A principle's letter and title."""
    return f"{letter}. {effects.title(letter)}"


def contribution_table(effects: PrincipleEffects, measure: str) -> Table:
    """Step by step, all so far, and the share that depends on no order."""
    form = words.formatter(effects.unit(measure))
    rows = []
    for one in effects.contributions(measure):
        rows.append(
            (
                Cell(named(effects, one.letter)),
                change_cell(one.step, form),
                change_cell(one.reached, form),
                change_cell(one.fair, form),
                Cell(form(one.fair.standard_error)),
                Cell("none: all were counted" if effects.is_exact else form(one.order_error)),
            )
        )
    whole = effects.whole(measure)
    every, nothing = change_cell(whole, form), Cell("")
    rows.append((Cell("All together"), nothing, every, every, nothing, nothing))
    title = effects.measure_title(measure)
    caption = interval_caption(f"{title} ({words.unit_words(effects.unit(measure))})", effects.n_runs)
    head = (
        "Principle",
        "On top of those before it",
        "All so far",
        "Fair share (Shapley)",
        "Error of the share from luck and belief",
        "Error from sampling orders",
    )
    return Table(caption, head, tuple(rows))


def share_table(effects: PrincipleEffects, measure: str) -> Table:
    """Each principle's fair share, of cash without what it costs itself too, and what it says."""
    form = words.formatter(effects.unit(measure))
    is_cash = measure == CASH
    own = effects.contributions(OWN_COST) if is_cash else []
    rest = effects.rest(measure) if is_cash else []
    rows = []
    for position, one in enumerate(effects.contributions(measure)):
        apart = (
            [Cell(words.signed(own[position].fair.mean, form)), change_cell(rest[position], form)] if is_cash else []
        )
        told = Cell(verdict(rest[position] if is_cash else one.fair, measure))
        rows.append((Cell(named(effects, one.letter)), change_cell(one.fair, form), *apart, told))
    caption = interval_caption(f"{effects.measure_title(measure)}: fair shares", effects.n_runs)
    parts = (
        ("Of which what it costs itself", "The rest: what follows from it", "So what follows") if is_cash else ("So",)
    )
    return Table(caption, ("Principle", "Fair share", *parts), tuple(rows))


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
    heads = (f"{effects.measure_title(name)} ({_change_words(effects.unit(name))})" for name in names)
    return Table(caption, ("Principle", *heads), tuple(rows))


def _change_words(unit: str) -> str:
    """In what differences of a unit are told: those of shares are in points."""
    return "points" if unit in ("share", "probability") else words.unit_words(unit)


def synergy_matrix(effects: PrincipleEffects, measure: str) -> Table:
    """Every pair's interaction, with its interval."""
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
    return Table(caption, ("Principle", *effects.letters), tuple(rows), is_folded=True)


def pair_table(effects: PrincipleEffects, measure: str) -> Table:
    """The pairs that do most beyond, or short of, the sum of the two."""
    form = words.formatter(effects.unit(measure))
    rows = [
        (
            Cell(f"{one.one} with {one.other}", f"{effects.title(one.one)}; {effects.title(one.other).lower()}"),
            change_cell(one.extra, form),
            change_cell(one.alone, form),
            change_cell(one.on_top, form),
            Cell(verdict(one.extra, measure)),
        )
        for one in effects.synergies(measure)[:MOST_PAIRS]
    ]
    title = effects.measure_title(measure)
    caption = interval_caption(f"{title}: the {len(rows)} largest interactions of {_n_pairs(effects)}", effects.n_runs)
    head = ("Pair", f"Beyond the sum of the two, {averaged(effects)}", "Where nothing else is in place")
    return Table(caption, (*head, "Where all the others are", "So"), tuple(rows))


def averaged(effects: PrincipleEffects) -> str:
    """Over what a pair's interaction is averaged."""
    return "averaged over what else is in place" if effects.is_exact else "midway between the next two"


def _n_pairs(effects: PrincipleEffects) -> int:
    n = len(effects.letters)
    return n * (n - 1) // 2


def verdict(estimate: Estimate, measure: str) -> str:
    """What a difference says, in three words."""
    less, more = ("costs less", "costs more") if measure == CASH else ("fewer", "more")
    told = {"less": less, "more": more, "either": "could be either", "same": "no difference"}
    return told.get(words.direction(estimate), "too few runs to say")


def order_table(effects: PrincipleEffects, measure: str, found: OrderFinding, of_what: str = "") -> Table:
    """The report's order against the others, by the mean of what is gained after each stage unless said otherwise."""
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
            Cell("On the runs by which it was chosen, which flatters it"),
            change_cell(found.gain, form),
        ),
        (
            Cell("The same, fairly"),
            Cell(f"Each set of beliefs judges the order that the others choose; it is better {often(found)}"),
            change_cell(found.gain_elsewhere, form) if found.gain_elsewhere.n_runs else Cell("not known: one run"),
        ),
        (
            Cell("Orders better than the report's"),
            Cell(f"{found.n_orders:,} looked at, {looked}"),
            Cell(
                f"{words.percent(found.share_better)} ± {words.percent(found.share_error)}",
                f"run by run {words.percent(found.share_low)} to {words.percent(found.share_high)}",
            ),
        ),
        (
            Cell("Orders clearly better"),
            Cell("Beyond what chance makes of so few sets of beliefs; of orders no better, one in forty would be"),
            Cell(words.percent(found.share_clear)),
        ),
    ]
    of_what = of_what or f"the mean of what is reached after each of {len(effects.letters)} stages, less none"
    caption = interval_caption(f"{effects.measure_title(measure)}: {of_what}", effects.n_runs)
    return Table(caption, ("Order", "What", words.unit_words(effects.unit(measure)).capitalize()), tuple(rows))


def rollout_table(effects: PrincipleEffects, measure: str) -> Table:
    """Each order carried out in time, less the report's."""
    form = words.formatter(effects.unit(measure))
    rows = tuple(
        (Cell(", ".join(order)), change_cell(gain, form), Cell(verdict(gain, measure)))
        for order, gain in effects.rolled_gains(measure)
    )
    caption = interval_caption(
        f"{effects.measure_title(measure)}: each order less the report's, a stage every {effects.stage_words}",
        effects.n_runs,
    )
    return Table(caption, ("Order", "Less the report's", "So"), rows)


def often(found: OrderFinding) -> str:
    """In how many runs the best order does better, fairly judged."""
    fairly = found.gain_elsewhere
    return words.in_runs(fairly.n_below, fairly.n_runs) if fairly.n_runs else "in no run that could tell"


def principle_tables(effects: PrincipleEffects) -> Iterator[Table]:
    """Every table, as a terminal shows them."""
    for measure in MAIN:
        yield contribution_table(effects, measure)
    yield share_table(effects, CASH)
    for way in WAYS:
        yield purse_table(effects, way)
        yield outcome_table(effects, way)
    for measure in MAIN:
        yield pair_table(effects, measure)
    for measure in MAIN:
        yield order_table(effects, measure, effects.orders(measure))
    for measure in MAIN if effects.has_rollouts else ():
        yield order_table(effects, measure, effects.rollouts(measure), IN_TIME)
