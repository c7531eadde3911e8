"""How the page about principles begins: the question, and the answer with no verdict that the runs do not bear."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from demandsim.comparison.estimate import FEWEST_RUNS
from demandsim.comparison.principle_measures import CASH, CRISIS, PRESENT_VALUE, UNMET
from demandsim.report import words
from demandsim.report.block import Section
from demandsim.report.principles.closing import time_taken
from demandsim.report.principles.tables import MAIN, often

if TYPE_CHECKING:
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.principle_findings import OrderFinding
    from demandsim.comparison.principles import PrincipleEffects


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


def question(effects: PrincipleEffects) -> Section:
    """What was asked, of which place, on how many worlds and on which beliefs."""
    attrs = effects.results.attrs
    years = [str(year) for year in effects.results["year"].values]
    n = len(effects.letters)
    how = (
        f"Every one of the {2**n:,} combinations of the {n} principles was run"
        if effects.is_exact
        else f"The report's order and {effects.n_sampled} others were run stage by stage, with every pair alone and on "
        "top of all the others,"
    )
    first = str(attrs["question"]) or "What does each of the whole-place principles add, and in which order?"
    about = (
        f"The place is {effects.meta.place.get('title') or attrs['place']}: {attrs['n_households']:,} of its "
        f"{attrs['n_households_full']:,} households, {years[0]} to {years[-1]}. {how} on the same people, beliefs and "
        f"luck, {words.with_runs(effects.n_runs)} of each: {time_taken(effects)}. All figures are for the households "
        f"simulated and are differences from none of the principles ({_baseline(effects)}); money is in prices of "
        f"{attrs.get('price_year', 'a year not recorded')}.{_part_way(effects)}"
    )
    order = (
        "All principles begin at their own dates whatever the order: an order says which is counted, or agreed, after "
        "which, not in which year it starts"
        + (", except where it is said that they begin one after another." if effects.has_rollouts else ".")
    )
    failed = (f"{words.with_runs(effects.n_failed)} failed and left out of every figure.",) if effects.n_failed else ()
    return Section("question", "The question", (first, about, _beliefs(effects), order, *failed))


def _baseline(effects: PrincipleEffects) -> str:
    title = effects.meta.scenario_title(str(effects.results.attrs["baseline"]))
    return title[:1].lower() + title[1:]


def _part_way(effects: PrincipleEffects) -> str:
    share = float(effects.results.attrs["intensity"])
    return "" if share == 1.0 else f" Each principle is carried {words.percent(share)} of the way, its cost too."


def _beliefs(effects: PrincipleEffects) -> str:
    """Whether beliefs were held against published figures."""
    told = json.loads(str(effects.results.attrs["calibrated"]))
    if not told:
        return "Each belief is drawn by itself from its stated range: the place was not calibrated."
    until = f" up to {told['until']}" if told["until"] else ""
    return (
        f"Beliefs that published figures bear on are drawn together, from {told['sets']} sets under which the model "
        f"comes near the figures of {str(told['place']).replace('_', ' ').title()}{until}. No figure bears on how "
        "strongly most principles act: those beliefs are as wide as stated, and each range holds no effect at all, but "
        "for rules that are simply changed."
    )


def answer(effects: PrincipleEffects) -> Section:
    """Cash, crisis, which principles can be told from nothing, which do nothing here, and whether order matters."""
    cash, worth, crisis = effects.whole(CASH), effects.whole(PRESENT_VALUE), effects.whole(CRISIS)
    paragraphs = (
        f"Cash of all agencies: {_spread(cash, words.money)}. Discounted as the Treasury does: "
        f"{_spread(worth, words.money)}.",
        _apart(effects),
        f"Months in crisis: {_spread(crisis, words.whole, 'fewer')}.",
        _tellable(effects),
        *_saved_by_less_help(effects),
        *_nothing_to_do(effects),
        *(f"Another order, {_of(measure)}: {order_words(effects.orders(measure))}." for measure in MAIN),
        *_in_time(effects),
        "How we decide: where the interval of nine in ten runs includes zero we say that it could be either.",
    )
    return Section("answer", headline(effects), paragraphs)


def _in_time(effects: PrincipleEffects) -> tuple[str, ...]:
    if not effects.has_rollouts:
        return ()
    start = f"Begun one after another, every {effects.stage_words}"
    return tuple(f"{start}, {_of(measure)}: {order_words(effects.rollouts(measure), '')}." for measure in MAIN)


def _of(measure: str) -> str:
    return "by cash" if measure == CASH else "by months in crisis"


def _apart(effects: PrincipleEffects) -> str:
    """What the principles cost themselves, what follows from them, and both for a household."""
    own, follows, cash = effects.whole_own, effects.whole_rest, effects.whole(CASH)
    households = int(effects.results.attrs["n_households"])
    each = words.difference(cash.mean / households, words.money)
    return (
        f"The principles cost {words.money(own)} themselves, which is assumed; what follows from them is "
        f"{_spread(follows, words.money)}. Both together come to {each} for each household over the whole run."
    )


def _spread(estimate: Estimate, form: words.Format, less: str = "less") -> str:
    """A difference, and between what nine in ten runs lie."""
    if estimate.low == estimate.high == 0.0:
        return "no difference in any run"
    middle = words.difference(estimate.mean, form, "more", less)
    return f"{middle}; nine in ten runs lie {words.between(estimate.low, estimate.high, form, 'more', less)}"


def _tellable(effects: PrincipleEffects) -> str:
    """How many principles can be told from nothing, their own cost apart."""
    n = len(effects.letters)
    by_measure = {
        "cash": effects.rest(CASH),
        "months in crisis": [one.fair for one in effects.contributions(CRISIS)],
    }
    said = []
    for name, found in by_measure.items():
        told = [
            letter
            for letter, one in zip(effects.letters, found, strict=True)
            if words.direction(one) in ("less", "more")
        ]
        which = f" ({words.sentence_list(told)})" if told else ""
        said.append(f"{len(told) or 'none'} of {n}{which} on {name}")
    return (
        "Whatever the order, and apart from what it costs itself, the principles whose effect can be told from nothing "
        f"are {said[0]} and {said[1]}."
    )


def _saved_by_less_help(effects: PrincipleEffects) -> tuple[str, ...]:
    """Which principles cost less while more need goes without help: such a saving is a cut, at least in part."""
    if UNMET not in effects.outcomes:
        return ()
    unmet = effects.contributions(UNMET)
    found = [
        f"{one.letter} ({one.title}): {_spread(one.fair, words.whole, 'fewer')}"
        for one, rest in zip(unmet, effects.rest(CASH), strict=True)
        if rest.mean < 0.0 and words.direction(one.fair) == "more"
    ]
    if not found:
        return ()
    return (
        "Not every saving is a gain. These principles cost less, their own cost apart, while need goes without help "
        f"for more months: {'. '.join(found)}. What they save is at least in part a cut, and an order that takes them "
        "early looks better by cash for that reason.",
    )


def _nothing_to_do(effects: PrincipleEffects) -> tuple[str, ...]:
    if not effects.idle:
        return ()
    named = words.sentence_list([f"{letter} ({effects.title(letter)})" for letter in effects.idle])
    why = "there is nothing here to act on, or too few households to show it"
    return (f"In no run did {named} change any life or any cost but its own: {why}.",)


def _months(months: float) -> str:
    said = words.whole(months)
    return f"{said} {'month' if said in ('1', 'under 1') else 'months'}"


def order_words(found: OrderFinding, over: str = " over the mean of the stages") -> str:
    """What may be said of other orders than the report's."""
    if not found.share_better:
        return "none of the orders looked at does better than the report's"
    share = f"{words.percent(found.share_better)} of orders do better than the report's"
    fairly = found.gain_elsewhere
    told = words.direction(fairly)
    if told == "too few":
        return f"{share}; too few runs to say whether the best one would again"
    is_cash = fairly.unit == "GBP"
    size = words.money(fairly.mean) if is_cash else _months(fairly.mean)
    gain = f"{size} {'better' if fairly.mean < 0.0 else 'worse'}"
    sure = (
        "so it holds up" if told == "less" else "so it could be either" if fairly.mean < 0.0 else "so it does not hold"
    )
    return (
        f"{share}; judged on runs that did not choose it, the best is {gain}{over}, and better {often(found)}, {sure}"
    )
