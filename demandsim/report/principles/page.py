"""The page about principles: what each adds, in the report's order and fairly, together, and in which order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import FEWEST_RUNS
from demandsim.comparison.principle_measures import CASH, CRISIS, PRESENT_VALUE
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, interval_caption
from demandsim.report.charts.rows import Row, draw_rows, largest_of, money_scale
from demandsim.report.charts.stages import draw_stages, draw_two_orders
from demandsim.report.principles import closing, tables
from demandsim.report.rendering import render_page, write_page
from demandsim.report.svg import chart_style, svg_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.principles import Contribution, OrderFinding, PrincipleEffects

KIND: Final = "The whole-place principles, from a simulation"
#: A name, its letters and what is reached after each.
Order = tuple[str, list[str], "list[Estimate]"]
_TRUST: Final = "Less than zero is less harm; of trust alone, more is better."
_DOTS: Final = (
    "A filled dot lies on one side of zero in nine of ten runs; a hollow dot could be either. Less than zero is "
    "a saving, or less harm."
)


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
            _question(effects),
            _answer(effects),
            _staircase(effects),
            _fair(effects),
            _purses(effects),
            *([_synergy(effects)] if effects.is_exact else []),
            _orders(effects),
            closing.mechanisms(effects),
            closing.limits(effects),
            closing.reproduce(effects),
        ]
    place = effects.meta.place.get("title") or effects.results.attrs["place"]
    title = f"The whole-place principles, in order: {place}"
    return write_page(render_page(title, sections, headline(effects), effects.n_runs, KIND), path, "page")


def headline(effects: PrincipleEffects) -> str:
    """All principles together, on cash and on crisis, with no verdict that the runs do not bear."""
    cash, crisis = effects.whole(CASH), effects.whole(CRISIS)
    said = {
        "less": f"Together the principles cost {words.money(cash.mean)} less than none of them",
        "more": f"Together the principles cost {words.money(cash.mean)} more than none of them",
        "either": "Together the principles could cost more or less than none of them",
        "same": "Together the principles cost the same as none of them",
    }
    harm = {
        "less": f"bring {words.whole(crisis.mean)} fewer months in crisis",
        "more": f"bring {words.whole(crisis.mean)} more months in crisis",
        "either": "could bring more or fewer months in crisis",
        "same": "change no months in crisis",
    }
    if effects.n_runs < FEWEST_RUNS:
        return f"{words.with_runs(effects.n_runs).capitalize()}: too few to say what the principles do together"
    return f"{said[words.direction(cash)]}, and {harm[words.direction(crisis)]}"


def _question(effects: PrincipleEffects) -> Section:
    attrs = effects.results.attrs
    years = [str(year) for year in effects.results["year"].values]
    n = len(effects.letters)
    how = (
        f"Every one of the {2**n:,} combinations of the {n} principles was run"
        if effects.is_exact
        else f"The report's order and {effects.n_sampled} others were run, stage by stage,"
    )
    first = str(attrs["question"]) or "What does each of the whole-place principles add, and in which order?"
    about = (
        f"The place is {effects.meta.place.get('title') or attrs['place']}: {attrs['n_households']:,} of its "
        f"{attrs['n_households_full']:,} households, {years[0]} to {years[-1]}. {how} on the same people, beliefs and "
        f"luck, {words.with_runs(effects.n_runs)} of each. All figures are for the households simulated and are "
        "differences from none of the principles; money is in prices of "
        f"{attrs.get('price_year', 'a year not recorded')}."
    )
    order = (
        "All principles begin at their own dates whatever the order: an order says which is counted, or agreed, after "
        "which, not in which year it starts."
    )
    failed = (f"{words.with_runs(effects.n_failed)} failed and left out of every figure.",) if effects.n_failed else ()
    return Section("question", "The question", (first, about, order, *failed))


def _answer(effects: PrincipleEffects) -> Section:
    cash, worth, crisis = effects.whole(CASH), effects.whole(PRESENT_VALUE), effects.whole(CRISIS)
    paragraphs = (
        f"Cash of all agencies: {_spread(cash, words.money)}. Discounted as the Treasury does: "
        f"{_spread(worth, words.money)}.",
        f"Months in crisis: {_spread(crisis, words.whole, 'fewer')}.",
        _tellable(effects),
        "How we decide: where the interval of nine in ten runs includes zero we say that it could be either.",
    )
    return Section("answer", headline(effects), paragraphs)


def _spread(estimate: Estimate, form: words.Format, less: str = "less") -> str:
    """A difference, and between what nine in ten runs lie."""
    if estimate.low == estimate.high == 0.0:
        return "no difference in any run"
    middle = words.difference(estimate.mean, form, "more", less)
    return f"{middle}; nine in ten runs lie {words.between(estimate.low, estimate.high, form, 'more', less)}"


def _tellable(effects: PrincipleEffects) -> str:
    """How many principles can be told from nothing."""
    n = len(effects.letters)
    said = []
    for measure, name in ((CASH, "cash"), (CRISIS, "months in crisis")):
        told = [one.letter for one in effects.contributions(measure) if words.direction(one.fair) in ("less", "more")]
        which = f" ({words.sentence_list(told)})" if told else ""
        said.append(f"{len(told) or 'none'} of {n}{which} on {name}")
    return f"Taken fairly, the principles whose effect can be told from nothing are {said[0]} and {said[1]}."


def _staircase(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found = effects.contributions(measure)
        title = effects.measure_title(measure)
        finding = f"{title}: {_largest(found, 'step', 'adds most when its turn comes')}"
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


def _largest(found: list[Contribution], which: str, does: str) -> str:
    """Of the principles that can be told from nothing, the one that adds most either way, in words."""
    told = [one for one in found if words.direction(getattr(one, which)) in ("less", "more")]
    if not told:
        return "none of the principles can be told from nothing"
    first = max(told, key=lambda one: abs(getattr(one, which).mean))
    return f"{first.letter} ({first.title[:1].lower()}{first.title[1:]}) {does}"


def _fair(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found = effects.contributions(measure)
        form, unit = words.formatter(effects.unit(measure)), effects.unit(measure)
        scale, label = money_scale(largest_of([c.fair for c in found])) if unit == "GBP" else (1.0, unit)
        rows = [Row(f"{one.letter}. {one.title}", one.fair, words.signed(one.fair.mean, form), scale) for one in found]
        title = effects.measure_title(measure)
        finding = f"{title}: {_largest(found, 'fair', 'has the largest fair share')}"
        svg = _svg(draw_rows(rows, label), f"fair-{measure}", finding, f"Shapley values on {title.lower()}.")
        exhibits.append(Exhibit(finding, _DOTS, svg, _share_table(effects, measure)))
    outcomes = tables.outcome_table(effects, "fair")
    exhibits.append(Exhibit("Fair shares of every outcome", _TRUST, "", outcomes))
    gap = max(abs(effects.gap(measure)) for measure in tables.MAIN)
    paragraphs = (
        "A principle's fair share (its Shapley value) is what it adds on average over every order in which the "
        "principles might be taken up, so it depends on no order. The shares add up to the whole: "
        f"they miss it by {words.number(gap)}.",
    )
    return Section("fair", "Whatever the order", paragraphs, exhibits=tuple(exhibits))


def _share_table(effects: PrincipleEffects, measure: str) -> Table:
    """Each principle's fair share, and what it says."""
    form = words.formatter(effects.unit(measure))
    rows = tuple(
        (
            Cell(tables.named(effects, one.letter)),
            Cell(words.signed(one.fair.mean, form), words.signed_range(one.fair.low, one.fair.high, form)),
            Cell(tables.verdict(one.fair)),
        )
        for one in effects.contributions(measure)
    )
    caption = interval_caption(f"{effects.measure_title(measure)}: fair shares", effects.n_runs)
    return Table(caption, ("Principle", "Fair share", "So"), rows)


def _purses(effects: PrincipleEffects) -> Section:
    sentence = "Cash only; minus means that the purse pays less. The figures of one purse add up to its whole."
    named = {"step": "In the report's order", "fair": "Whatever the order"}
    exhibits = tuple(
        Exhibit(f"{name}: who pays and who gains", sentence, "", tables.purse_table(effects, way))
        for way, name in named.items()
    )
    return Section("purses", "By agency", exhibits=exhibits)


def _synergy(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        pairs = effects.synergies(measure)
        told = [pair for pair in pairs if words.direction(pair.extra) in ("less", "more")]
        title = effects.measure_title(measure)
        finding = f"{title}: {len(told) or 'none'} of {len(pairs)} pairs can be told from the sum of the two"
        sentence = (
            "The Shapley interaction index: what a pair does beyond the sum of its two, averaged over what else is in "
            "place. Below zero the two save more, or spare more, together."
        )
        exhibits.append(Exhibit(finding, sentence, "", tables.synergy_matrix(effects, measure)))
    return Section("synergy", "Two together", exhibits=tuple(exhibits))


def _orders(effects: PrincipleEffects) -> Section:
    exhibits = []
    for measure in tables.MAIN:
        found = effects.orders(measure)
        title = effects.measure_title(measure)
        finding = f"{title}: {_order_words(found)}"
        reports = effects.stages(measure, effects.letters)
        best = effects.stages(measure, found.best)
        both: list[Order] = [
            ("The report's order", list(effects.letters), reports),
            ("The best order", list(found.best), best),
        ]
        drawn = draw_two_orders(both, effects.unit(measure))
        svg = _svg(drawn, f"orders-{measure}", finding, f"{title} after each stage of the two orders.")
        sentence = (
            "The value of an order is the mean of what has been gained after each stage: an order that gains early is "
            "worth more than one that gains late, though both end at the same place."
        )
        exhibits.append(Exhibit(finding, sentence, svg, tables.order_table(effects, measure, found)))
        caption = interval_caption(f"{title}: what is reached after each stage", effects.n_runs)
        exhibits.append(_stage_exhibit(effects, measure, both, caption))
    return Section("orders", "In which order", exhibits=tuple(exhibits))


def _order_words(found: OrderFinding) -> str:
    told = words.direction(found.gain_elsewhere)
    if not found.share_better:
        return "none of the orders looked at does better than the report's"
    share = f"{words.percent(found.share_better)} of orders do better than the report's"
    if told == "less":
        return f"{share}, and the best holds up on lucks that did not choose it"
    if told == "too few":
        return f"{share}; too few runs to say whether the best one would again"
    return f"{share}, but whether the best one would do so again could be either"


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
    return Exhibit("The two orders, stage by stage", "The figures of the picture above.", "", table)


def _svg(figure: Figure, name: str, title: str, description: str) -> str:
    return svg_text(figure, name.replace("_", "-"), title, description)
