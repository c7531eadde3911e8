"""What the model says about a plan, in sentences made from its figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from demandsim.comparison.estimate import FEWEST_RUNS
from demandsim.policy.account_terms import worth_of
from demandsim.report import words
from demandsim.report.amounts import amount

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.comparison.demand_lines import DemandAnswer, Needed, Reached
    from demandsim.comparison.estimate import Estimate
    from demandsim.comparison.prevention import PreventionAnswer
    from demandsim.comparison.share_of_runs import ShareOfRuns
    from demandsim.policy.account import Account, Line, Target


def line_title(account: Account, line: Line) -> str:
    """Block and line as a reader knows them."""
    block = next(block for block in account.blocks if line in block.lines)
    return f"{block.title}: {line.title[:1].lower()}{line.title[1:]}"


def needed_sentence(needed: Needed, year: str) -> str:
    """The fall that an amount needs."""
    led = needed.demand_led
    span = f"nine in ten of {words.with_runs(led.n_runs)}: {words.level_range(led.low, led.high, words.money)}"
    start = (
        f"As now the council would spend {words.money(led.mean)} in {year} ({span}) on what follows demand in these "
        f"services. To give {words.money(needed.amount)}, "
    )
    if not led.mean > 0:
        return f"{start}there would have to be some: there is none, so no fall in demand gives it."
    if needed.share.mean >= 1:
        return f"{start}all of it would not be enough."
    share = f"{words.level_range(needed.share.low, needed.share.high, part_of_it)}"
    return (
        f"{start}it would have to fall by {words.percent(needed.share.mean)} ({share}), that is by about "
        f"{words.whole(needed.cases_fewer.mean)} of {words.whole(needed.cases.mean)} cases at a time."
    )


def part_of_it(share: float) -> str:
    """A share of what there is; more than all of it is said so."""
    return "more than all of it" if share > 1 else words.percent(share)


def best_sentence(answer: DemandAnswer, title: str) -> str:
    """The largest fall reached, and how far it is from enough."""
    best = answer.best
    tried = words.count_of(len(answer.reached), "policy", "policies")
    if best.fall.mean <= 0:
        return f"Of {tried} tried, none lowers that spending in the middle of its runs; “{title}” comes nearest."
    text = (
        f"Of {tried} tried, “{title}” lowers that spending most: by {words.money(best.fall.mean)} "
        f"({words.signed_range(best.fall.low, best.fall.high, words.money)} in nine in ten of "
        f"{words.with_runs(best.fall.n_runs)}), which is {words.percent(best.fall_share.mean)} of it"
    )
    if answer.needed is None:
        return f"{text}."
    if best.times_needed <= 1:
        return f"{text}: enough in the middle of its runs."
    times = words.whole(best.times_needed) if best.times_needed >= 10 else words.number(best.times_needed)
    return f"{text}. It would have to work about {times} times as strongly."


def chance_words(share: ShareOfRuns) -> str:
    """In how many runs, and between what its chance lies."""
    if not share.n_runs:
        return words.in_runs(0, 0)
    return (
        f"{words.in_runs(share.n_such, share.n_runs)}, so by the model's reckoning its chance is between "
        f"{words.percent(share.low)} and {words.percent(share.high)}"
    )


def purse_sentence(best: Reached) -> str:
    """How much of a saving or cost falls on the council, everything counted."""
    text = (
        f"Counting every service and what the policy itself costs, the council spends {_spent(best.council)} in that "
        f"year, and all purses together {_spent(best.everyone)}."
    )
    gross = best.fall_all_purses
    if gross.mean > 0 and best.fall.mean > 0:
        share = min(best.fall.mean / gross.mean, 1.0)
        text += (
            f" Of the fall itself {words.percent(share)} is the council's; the rest is other purses', "
            "which see no line for it in this plan."
            if share < 0.995
            else " The fall itself is all the council's."
        )
    return text


def _spent(saving: Estimate) -> str:
    """A saving told as spending: more or less, and between what."""
    more = words.difference(-saving.mean, words.money)
    if more == "no difference":
        more = "as much as now"
    return f"{more} ({words.between(-saving.high, -saving.low, words.money)} in nine in ten runs)"


def verdict_sentence(answer: DemandAnswer) -> str:
    """The answer in one sentence; empty where no amount is stated."""
    if answer.needed is None:
        return "The plan states no amount, so there is nothing to reach: what policies give is shown."
    wanted = words.money(answer.needed.amount)
    enough = [one for one in answer.reached if one.enough is not None and one.enough.n_such]
    if not enough:
        return f"No policy tried gives {wanted} by {answer.year}, in any run."
    if answer.is_reached:
        return f"A policy gives {wanted} by {answer.year} in the middle of its runs, its own cost counted."
    return f"No policy tried gives {wanted} by {answer.year} in the middle of its runs once its own cost is counted."


def target_sentence(target: Target, answer: AccountAnswer) -> str:
    """A target beside the model."""
    aim = amount(worth_of(target.value).value, target.unit)
    if target.name in answer.waits:
        wait = answer.waits[target.name]
        weeks = wait.weeks
        return (
            f"The target is {aim}; simulated people wait {words.number(weeks.mean)} weeks "
            f"({words.level_range(weeks.low, weeks.high, words.number)} in nine in ten of "
            f"{words.with_runs(weeks.n_runs)}). "
            f"It is met {chance_words(wait.reached)}. {target.why}"
        ).rstrip()
    if target.name in answer.preventions:
        return f"{prevention_sentence(answer.preventions[target.name], aim)} {target.why}".rstrip()
    return f"The target is {aim}. Not modelled: {target.why}"


def prevention_sentence(found: PreventionAnswer, aim: str) -> str:
    """Preventions as counted, and what of them is effect."""
    counted, averted, dead, months = found.counted, found.averted, found.deadweight, found.crisis_months
    text = (
        f"The target is {aim}. The service counts {words.number(counted.mean)} "
        f"({words.level_range(counted.low, counted.high, words.number)} in nine in ten of "
        f"{words.with_runs(counted.n_runs)}) and reaches the target {chance_words(found.reached)}. "
        f"With the service, on the same luck, {_accepted(averted.mean)} are accepted as homeless in a year than "
        f"without it ({words.signed_range(-averted.high, -averted.low, words.hundredths)} in every 1,000). "
    )
    if not math.isfinite(dead.mean):
        return f"{text}Nothing is counted, so nothing can be told apart."
    share, low, high = (f"{value:.1%}".replace("-", words.MINUS) for value in (dead.mean, dead.low, dead.high))
    return (
        f"{text}So {share} of what is counted would not have led to an acceptance anyway (deadweight; nine in ten "
        f"runs: {low} to {high}), and the rest is effect. Each success counted goes with "
        f"{words.difference(-months.mean, words.hundredths, 'more', 'fewer')} months in crisis of the same need "
        f"({words.signed_range(-months.high, -months.low, words.hundredths)})."
    )


def answer_points(account: Account, answer: AccountAnswer) -> list[str]:
    """Every simulated line in two paragraphs, every simulated target in one."""
    points = []
    for line in account.simulated_lines:
        found = answer.lines[line.name]
        needed = "" if found.needed is None else needed_sentence(found.needed, found.year)
        points.append(f"{line_title(account, line)}. {verdict_sentence(found)} {needed}".rstrip())
        points.append(reached_words(found, answer.meta.scenario_title(found.best.scenario)))
    for target in account.simulated_targets:
        points.append(f"{target.title}. {target_sentence(target, answer)}")
    return points


def reached_words(found: DemandAnswer, title: str) -> str:
    """What the best policy gives, how likely it is enough, and on whom it falls."""
    best = found.best
    parts = [best_sentence(found, title)]
    if best.enough is not None and best.enough_net is not None:
        net = words.in_runs(best.enough_net.n_such, best.enough_net.n_runs)
        parts.append(f"It is enough {chance_words(best.enough)}; with the policy's cost counted {net}.")
    if best.fall.mean > 0:
        parts.append(purse_sentence(best))
    return " ".join(parts)


def _accepted(averted: float) -> str:
    if words.hundredths(averted) == "0":
        return "no fewer households"
    return f"{words.difference(-averted, words.hundredths, 'more', 'fewer')} of every 1,000 households"


def headline(account: Account, answer: AccountAnswer | None) -> str:
    """The answer in one line, without a full stop."""
    if answer is None:
        return "The plan as it states itself; nothing was simulated"
    if answer.n_runs < FEWEST_RUNS:
        return f"{words.with_runs(answer.n_runs).capitalize()}: too few to say what policies give"
    lines = [answer.lines[line.name] for line in account.simulated_lines if line.amount is not None]
    if not lines:
        return f"What policies and services give by {answer.year}, beside what the plan promises"
    wanted = words.money(sum(found.needed.amount for found in lines if found.needed))
    met = sum(found.is_reached for found in lines)
    if not met:
        return f"No policy tried brings the {wanted} that rests on less demand by {answer.year}"
    return f"{met} of {len(lines)} lines that rest on less demand come about by {answer.year}, of {wanted} in all"
