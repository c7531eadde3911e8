"""The page about principles: what each adds, in the report's order and fairly, together, and in which order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from demandsim.comparison.principle_measures import CASH
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, interval_caption
from demandsim.report.charts.rows import Row, draw_rows, largest_of, money_scale
from demandsim.report.charts.stages import draw_stages, draw_two_orders
from demandsim.report.principles import closing, opening, tables
from demandsim.report.rendering import render_page, write_page
from demandsim.report.svg import chart_style, svg_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.principle_findings import Contribution, Synergy
    from demandsim.comparison.principles import PrincipleEffects

KIND: Final = "The whole-place principles, from a simulation"
#: A name, its letters and what is reached after each.
Order = tuple[str, list[str], "list[Estimate]"]
_TRUST: Final = "Less than zero is less harm; of trust alone, more is better."
_DOTS: Final = "A filled dot lies on one side of zero in nine of ten runs; a hollow dot could be either."
_LESS: Final = "Less than zero is a saving, or less harm."


def write_principles(effects: PrincipleEffects, path: str | Path) -> Path:
    """Write the page; the same effects always give the same bytes.

    Parameters
    ----------
    effects : PrincipleEffects
    path : path
        The folder is made, and the file is replaced whole or not at all.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    with chart_style():
        sections = [
            opening.question(effects),
            opening.answer(effects),
            _staircase(effects),
            _fair(effects),
            _purses(effects),
            _synergy(effects),
            _orders(effects),
            *([_rollouts(effects)] if effects.has_rollouts else []),
            closing.mechanisms(effects),
            closing.limits(effects),
            closing.reproduce(effects),
        ]
    place = effects.meta.place.get("title") or effects.results.attrs["place"]
    title = f"The whole-place principles, in order: {place}"
    return write_page(render_page(title, sections, opening.headline(effects), effects.n_runs, KIND), path, "page")


def _staircase(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found = effects.contributions(measure)
        title = effects.measure_title(measure)
        finding = f"{title}: {_largest(measure, found, 'step', 'when its turn comes')}"
        figure = draw_stages([one.letter for one in found], [one.reached for one in found], effects.unit(measure))
        svg = _svg(figure, f"stairs-{measure}", finding, f"{title} after each principle in the report's order.")
        sentence = (
            "Each bar is what one principle adds to those before it; the upright line holds nine in ten runs of "
            "all so far. What a principle adds depends on what is there already."
        )
        exhibits.append(Exhibit(finding, sentence, svg, tables.contribution_table(effects, measure)))
    steps = tables.outcome_table(effects, "step")
    exhibits.append(Exhibit("Every outcome, step by step", _TRUST, "", steps))
    return Section("staircase", "In the report's order", exhibits=tuple(exhibits))


def _largest(measure: str, found: list[Contribution], which: str, when: str) -> str:
    """Of the principles that can be told from nothing, the one that adds or spares most, in words."""
    told = [one for one in found if words.direction(getattr(one, which)) in ("less", "more")]
    if not told:
        return "none of the principles can be told from nothing"
    first = max(told, key=lambda one: abs(getattr(one, which).mean))
    does = "adds" if getattr(first, which).mean > 0 else "saves" if measure == CASH else "spares"
    among = "" if len(told) == len(found) else "of those that can be told from nothing, "
    return f"{among}{first.letter} ({first.title[:1].lower()}{first.title[1:]}) {does} most {when}"


def _fair(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found = effects.contributions(measure)
        form, unit = words.formatter(effects.unit(measure)), effects.unit(measure)
        scale, label = money_scale(largest_of([c.fair for c in found])) if unit == "GBP" else (1.0, unit)
        rows = [Row(f"{one.letter}. {one.title}", one.fair, words.signed(one.fair.mean, form), scale) for one in found]
        title = effects.measure_title(measure)
        finding = f"{title}: {_largest(measure, found, 'fair', 'whatever the order')}"
        svg = _svg(draw_rows(rows, label), f"fair-{measure}", finding, f"Shapley values on {title.lower()}.")
        exhibits.append(Exhibit(finding, f"{_DOTS} {_LESS}", svg, tables.share_table(effects, measure)))
    outcomes = tables.outcome_table(effects, "fair")
    exhibits.append(Exhibit("Fair shares of every outcome", _TRUST, "", outcomes))
    gap = max(abs(effects.gap(measure)) for measure in tables.MAIN)
    paragraphs = (
        "A principle's fair share (its Shapley value) is what it adds on average over every order in which the "
        "principles might be taken up, so it depends on no order. The shares add up to the whole: "
        f"they miss it by {words.number(gap)}.",
    )
    return Section("fair", "Whatever the order", paragraphs, exhibits=tuple(exhibits))


def _purses(effects: PrincipleEffects) -> Section:
    sentence = "Cash only; minus means that the purse pays less. The figures of one purse add up to its whole."
    named = {"step": "In the report's order", "fair": "Whatever the order"}
    exhibits = tuple(
        Exhibit(f"{name}: who pays and who gains", sentence, "", tables.purse_table(effects, way))
        for way, name in named.items()
    )
    return Section("purses", "By agency", exhibits=exhibits)


def _synergy(effects: PrincipleEffects) -> Section:
    how = (
        "What a pair does beyond the sum of its two, averaged over what else may be in place (the Shapley interaction "
        "index)."
        if effects.is_exact
        else "What a pair does beyond the sum of its two, midway between where nothing else is in place and where all "
        "the others are. That is the average over all that may be in place as long as no more than three work together."
    )
    exhibits = []
    for measure in tables.MAIN:
        pairs = effects.synergies(measure)
        told = [pair for pair in pairs if words.direction(pair.extra) in ("less", "more")]
        title = effects.measure_title(measure)
        finding = f"{title}: {len(told) or 'none'} of {len(pairs)} pairs can be told from the sum of the two"
        sentence = f"Below zero the two {'save' if measure == CASH else 'spare'} more together. {_DOTS}"
        svg = _svg(_draw_pairs(effects, measure, pairs), f"pairs-{measure}", finding, f"Pairs on {title.lower()}.")
        exhibits.append(Exhibit(finding, sentence, svg, tables.pair_table(effects, measure)))
        every = "The same for each pair, the larger ones of which are above."
        exhibits.append(Exhibit(f"{title}: every pair", every, "", tables.synergy_matrix(effects, measure)))
    return Section("synergy", "Two together", (how,), exhibits=tuple(exhibits))


def _draw_pairs(effects: PrincipleEffects, measure: str, pairs: list[Synergy]) -> Figure:
    """The largest interactions as dots."""
    largest = pairs[: tables.MOST_PAIRS]
    unit = effects.unit(measure)
    form = words.formatter(unit)
    scale, label = money_scale(largest_of([pair.extra for pair in largest])) if unit == "GBP" else (1.0, unit)
    rows = [
        Row(f"{pair.one} with {pair.other}", pair.extra, words.signed(pair.extra.mean, form), scale) for pair in largest
    ]
    return draw_rows(rows, label)


def _orders(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found = effects.orders(measure)
        title = effects.measure_title(measure)
        finding = f"{title}: {opening.order_words(found)}"
        reports = effects.stages(measure, effects.letters)
        both: list[Order] = [("The report's order", list(effects.letters), reports)]
        if found.best != effects.letters:
            both.append(("The best order", list(found.best), effects.stages(measure, found.best)))
        drawn = draw_two_orders(both, effects.unit(measure))
        svg = _svg(drawn, f"orders-{measure}", finding, f"{title} after each stage.")
        sentence = (
            "The value of an order is the mean of what has been reached after each stage: less is better, and an order "
            "that saves early is worth more than one that saves late, though both end at the same place."
        )
        exhibits.append(Exhibit(finding, sentence, svg, tables.order_table(effects, measure, found)))
        caption = interval_caption(f"{title}: what is reached after each stage", effects.n_runs)
        exhibits.append(_stage_exhibit(effects, measure, both, caption))
    return Section("orders", "In which order", exhibits=tuple(exhibits))


def _rollouts(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found, gains = effects.rollouts(measure), effects.rolled_gains(measure)
        unit, title = effects.unit(measure), effects.measure_title(measure)
        form = words.formatter(unit)
        scale, label = money_scale(largest_of([gain for _, gain in gains])) if unit == "GBP" else (1.0, unit)
        rows = [Row(order, gain, words.signed(gain.mean, form), scale) for order, gain in gains]
        finding = f"{title}: {opening.order_words(found, '')}"
        svg = _svg(draw_rows(rows, label), f"rolled-{measure}", finding, f"Each order less the report's: {title}.")
        n_others = len(effects.rolled_orders) - 1
        which = "Each order" if len(gains) == n_others else f"The best and the worst of {n_others} orders"
        sentence = f"{which} less the report's. {_DOTS}"
        exhibits.append(Exhibit(finding, sentence, svg, tables.rollout_table(effects, measure)))
        table = tables.order_table(effects, measure, found, tables.IN_TIME)
        exhibits.append(
            Exhibit(f"{title}: how sure it is", "The best is judged on runs that did not choose it.", "", table)
        )
    how = (
        f"Here an order is a plan: the first principle begins in {closing.month_of(effects.words)}, and another every "
        f"{effects.stage_words}, each with its cost from then on. The report's order was carried out so, and "
        f"{len(effects.rolled_orders) - 1} others drawn by chance. An order that puts off what costs more than it "
        "saves will look cheaper within these years for that reason alone."
    )
    return Section("rollouts", "One after another in time", (how,), exhibits=tuple(exhibits))


def _stage_exhibit(effects: PrincipleEffects, measure: str, both: list[Order], caption: str) -> Exhibit:
    form = words.formatter(effects.unit(measure))
    rows = []
    for stage in range(len(effects.letters)):
        cells = [
            Cell(f"{letters[stage]}: {words.signed(reached[stage].mean, form)}",
                 words.signed_range(reached[stage].low, reached[stage].high, form))
            for _, letters, reached in both
        ]  # fmt: skip
        rows.append((Cell(str(stage + 1)), *cells))
    table = Table(caption, ("Stage", *(name for name, _, _ in both)), tuple(rows), is_folded=True)
    return Exhibit("Stage by stage", "The figures of the picture above.", "", table)


def _svg(figure: Figure, name: str, title: str, description: str) -> str:
    return svg_text(figure, name.replace("_", "-"), title, description)
