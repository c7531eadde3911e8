"""What the model says about a target that is no money, in sentences made from its figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from demandsim.policy.account_terms import worth_of
from demandsim.report import words
from demandsim.report.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from demandsim.comparison.account import AccountAnswer
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.prevention import PreventionAnswer
    from demandsim.comparison.share_of_runs import ShareOfRuns
    from demandsim.comparison.waits import WaitAnswer, Waited
    from demandsim.policy.account import Target


def chance_words(share: ShareOfRuns) -> str:
    """In how many runs, and between what its chance lies."""
    if not share.n_runs:
        return words.in_runs(0, 0)
    return (
        f"{words.in_runs(share.n_such, share.n_runs)}, so by the model's reckoning its chance is between "
        f"{words.percent(share.low)} and {words.percent(share.high)}"
    )


def aim_of(target: Target) -> str:
    """What a target aims at, as the plan states it."""
    return "no figure stated" if target.value is None else amount(worth_of(target.value).value, target.unit)


def target_sentence(target: Target, answer: AccountAnswer) -> str:
    """A simulated target beside the model, in full."""
    if target.measure == "mapping":
        return mapping_sentence(answer.spent, answer.year)
    if target.name in answer.waits:
        return wait_sentence(answer.waits[target.name], aim_of(target), answer.meta.scenario_title)
    return prevention_sentence(answer.preventions[target.name], aim_of(target))


def target_result(target: Target, answer: AccountAnswer | None) -> str:
    """What the model says of a target, in a few words."""
    if target.mark != "simulated":
        return "nothing"
    if answer is None:
        return "not run"
    if target.measure == "mapping":
        whole = sum(one.mean for one in answer.spent.values())
        return f"{words.percent(answer.spent['council'].mean / whole)} is the council's" if whole > 0 else "no money"
    if target.name in answer.waits:
        now = answer.waits[target.name].now
        met = words.in_runs(now.reached.n_such, now.reached.n_runs)
        return f"{words.number(now.weeks.mean)} weeks as now; met {met}"
    found = answer.preventions[target.name]
    met = words.in_runs(found.reached.n_such, found.reached.n_runs)
    return f"{words.number(found.counted.mean)} as now; met {met}; deadweight {words.percent(found.deadweight.mean)}"


def mapping_sentence(spent: dict[str, Estimate], year: str) -> str:
    """Whose money is spent in the place as now."""
    whole = sum(one.mean for one in spent.values())
    if not whole > 0:
        return f"In {year} the model finds no money spent."
    council = spent["council"]
    span = f"{words.level_range(council.low, council.high, words.money)} in nine in ten of"
    return (
        f"Of the {words.money(whole)} that the model finds spent in {year} as now, "
        f"{words.percent(council.mean / whole)} is the council's: {words.money(council.mean)} ({span} "
        f"{words.with_runs(council.n_runs)})."
    )


def rise_sentence(answer: AccountAnswer) -> str:
    """How much more the council would spend if all went on as now; empty where one year was run."""
    if answer.year == answer.first_year:
        return ""
    rise = answer.rise
    return (
        f"If all goes on as now the council spends {words.difference(rise.mean, words.money)} in {answer.year} than in "
        f"{answer.first_year} ({words.between(rise.low, rise.high, words.money)} in nine in ten runs): what more "
        "people and more need cost, with pay and prices held still and posts growing with households."
    )


def wait_sentence(found: WaitAnswer, aim: str, title_of: Callable[[str], str]) -> str:
    """A wait as now beside its target, and how many more posts would meet it."""
    now = found.now
    if not math.isfinite(now.weeks.mean):
        return f"The target is {aim}. In no run was anybody helped in {found.year}, so no wait can be told."
    runs = words.with_runs(now.weeks.n_runs)
    text = (
        f"The target is {aim}. As now, those whose help begins in {found.year} have waited "
        f"{words.number(now.weeks.mean)} weeks ({words.level_range(now.weeks.low, now.weeks.high, words.number)} in "
        f"nine in ten of {runs}). That is within the target {chance_words(now.reached)}; "
        f"{words.percent(now.in_time.mean)} of them begin in months in which it is. If the clock runs on until the "
        f"help is finished, it shows {words.number(now.weeks_to_end.mean)} weeks, within the target "
        f"{words.in_runs(now.reached_to_end.n_such, now.reached_to_end.n_runs)}."
    )
    return f"{text} {enough_sentence(found, title_of)}".rstrip()


def enough_sentence(found: WaitAnswer, title_of: Callable[[str], str]) -> str:
    """The least that meets the target in the middle of its runs."""
    if not found.tried:
        return ""
    enough = found.enough
    if enough is found.now and found.now.reached.n_such == found.now.reached.n_runs:
        return "No more is needed."
    if enough is found.now:
        surest = max(found.tried, key=lambda one: one.reached.share)
        return f"In the middle of the runs no more is needed. To be surer: {_bought(surest, found, title_of)}."
    if enough is None:
        most = found.tried[-1]
        return f"Nothing tried meets it in the middle of its runs; nearest comes {_bought(most, found, title_of)}."
    return f"The least of what was tried that meets it in the middle of its runs: {_bought(enough, found, title_of)}."


def _bought(one: Waited, found: WaitAnswer, title_of: Callable[[str], str]) -> str:
    more = one.cost.mean - found.now.cost.mean
    posts = f"{words.number(one.posts)} posts for {words.number(found.now.posts)}, " if math.isfinite(one.posts) else ""
    weeks = words.number(one.weeks.mean)
    return (
        f"“{title_of(one.scenario)}”, {posts}at {words.money(more)} a year more, with {weeks} weeks and "
        f"the target met {words.in_runs(one.reached.n_such, one.reached.n_runs)}"
    )


def prevention_sentence(found: PreventionAnswer, aim: str) -> str:
    """Preventions as counted, and what of them is effect."""
    counted, averted, dead, months = found.counted, found.averted, found.deadweight, found.crisis_months
    span = f"{words.level_range(counted.low, counted.high, words.number)} in nine in ten of"
    text = (
        f"The target is {aim}. The service counts {words.number(counted.mean)} successes in every 1,000 households a "
        f"year ({span} {words.with_runs(counted.n_runs)}): cases that end with the need below where help begins. "
        f"Counted so, the target is reached {chance_words(found.reached)}. It ends "
        f"{words.number(found.ended.mean)} cases in all; if each of them were counted as a success, "
        "whatever came of it, the target would be reached "
        f"{words.in_runs(found.reached_by_ended.n_such, found.reached_by_ended.n_runs)}. "
        f"With the service, on the same luck, {_accepted(averted.mean)} are accepted as homeless in a year than "
        f"without it ({words.signed_range(-averted.high, -averted.low, words.hundredths)} in every 1,000). "
    )
    if not math.isfinite(dead.mean):
        return f"{text}Nothing is counted, so nothing can be told apart."
    share, low, high = (f"{value:.1%}".replace("-", words.MINUS) for value in (dead.mean, dead.low, dead.high))
    return (
        f"{text}So {share} of the successes would not have led to an acceptance anyway (deadweight; nine in ten "
        f"runs: {low} to {high}), and the rest is effect. Each success counted goes with "
        f"{words.difference(-months.mean, words.hundredths, 'more', 'fewer')} months in crisis of the same need "
        f"({words.signed_range(-months.high, -months.low, words.hundredths)})."
    )


def _accepted(averted: float) -> str:
    if words.hundredths(averted) == "0":
        return "no fewer households"
    return f"{words.difference(-averted, words.hundredths, 'more', 'fewer')} of every 1,000 households"
