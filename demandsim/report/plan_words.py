"""What the model says about a plan, in sentences made from its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import FEWEST_RUNS
from demandsim.report import words
from demandsim.report.target_words import chance_words, target_sentence

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.comparison.demand_answers import DemandAnswer, Needed, Reached
    from demandsim.comparison.estimate import Estimate
    from demandsim.policy.account import Account, Line


#: Purses as a council tells them apart, in the middle of a sentence.
PURSE_TITLES: Final = {
    "council": "the council",
    "dwp": "DWP and Jobcentre Plus",
    "nhs": "the NHS",
    "police_and_justice": "police, courts and prisons",
    "others": "everybody else (Treasury, schools, landlords, charities, households)",
}


#: A target is met as now where it is in more than this share of the runs.
MOST_RUNS: Final = 0.5


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
        return (
            f"{start}there would have to be some: there is none, so no fall in demand gives it. {_with_posts(needed)}"
        )
    if needed.share.mean >= 1:
        return f"{start}all of it would not be enough. {_with_posts(needed)}"
    share = f"{words.level_range(needed.share.low, needed.share.high, part_of_it)}"
    return (
        f"{start}it would have to fall by {words.percent(needed.share.mean)} ({share}), that is by about "
        f"{words.whole(needed.cases_fewer.mean)} of {words.whole(needed.cases.mean)} cases at a time. "
        f"{_with_posts(needed)}"
    )


def _with_posts(needed: Needed) -> str:
    """The fall that would do if posts were cut as cases fall."""
    enough = "all of it would not be enough"
    if needed.share_of_spend.mean < 1:
        enough = f"a fall of {words.percent(needed.share_of_spend.mean)} would do"
    return (
        f"With its posts these services would cost it {words.money(needed.spend.mean)}; if posts were cut as cases "
        f"fall, {enough}."
    )


def part_of_it(share: float) -> str:
    """A share of what there is; more than all of it is said so."""
    return "more than all of it" if share > 1 else words.percent(share)


def best_sentence(answer: DemandAnswer, title: str) -> str:
    """The largest fall reached, and how far it is from enough."""
    best = answer.best
    tried = words.count_of(len(answer.reached), "policy", "policies")
    if answer.is_all_posts:
        said = "saves all purses together most" if best.everyone.mean > 0 else "costs all purses together least"
        return (
            "Nothing that the council spends on these services follows demand: it is posts, paid whether they are used "
            f"or not. Of {tried} tried, “{title}” {said}."
        )
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


def purse_sentence(best: Reached) -> str:
    """How much of a saving or cost falls on the council, everything counted."""
    text = (
        f"Counting every service and what the policy itself costs, the council spends {_spent(best.council)} in that "
        f"year, and all purses together {_spent(best.everyone)}."
    )
    elsewhere = [(name, one) for name, one in best.by_purse.items() if name != "council"]
    name, most = max(elsewhere, key=lambda pair: abs(pair[1].mean))
    if words.money(most.mean) != words.money(0.0):
        text += f" Of the rest most falls on {PURSE_TITLES[name]}: {_spent(most)}."
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


def answer_points(account: Account, answer: AccountAnswer) -> list[str]:
    """Every simulated line in three paragraphs, every simulated target in one."""
    points = []
    for line in account.simulated_lines:
        found = answer.lines[line.name]
        needed = "" if found.needed is None else needed_sentence(found.needed, found.year)
        points.append(f"{line_title(account, line)}. {verdict_sentence(found)} {needed}".rstrip())
        points.append(reached_words(found, answer.meta.scenario_title(found.best.scenario)))
        points.append(purse_sentence(found.best))
    for target in account.simulated_targets:
        points.append(f"{target.title}. {target_sentence(target, answer)}")
    return points


def _posts_sentence(best: Reached) -> str:
    """The most that the fall could be worth if idle posts were cut."""
    if best.enough_with_posts is None:
        return ""
    most = words.money(max(best.fall_with_posts.mean, 0.0))
    met = words.in_runs(best.enough_with_posts.n_such, best.enough_with_posts.n_runs)
    return f"If every post that fewer cases leave idle were cut at once it would give {most} at most, enough {met}."


def reached_words(found: DemandAnswer, title: str) -> str:
    """What the best policy gives, and how likely it is enough."""
    best = found.best
    parts = [best_sentence(found, title)]
    if best.enough is not None and best.enough_net is not None:
        net = words.in_runs(best.enough_net.n_such, best.enough_net.n_runs)
        parts.append(f"It is enough {chance_words(best.enough)}; with the policy's cost counted {net}.")
        parts.append(_posts_sentence(best))
    return " ".join(parts)


def _is_or_are(n: int) -> str:
    return "is" if n <= 1 else "are"


def headline(account: Account, answer: AccountAnswer | None) -> str:
    """The answer in one line, without a full stop."""
    if answer is None:
        return "The plan as it states itself; nothing was simulated"
    if answer.n_runs < FEWEST_RUNS:
        return f"{words.with_runs(answer.n_runs).capitalize()}: too few to say what policies give"
    lines = [answer.lines[line.name] for line in account.simulated_lines if line.amount is not None]
    asked = [one.reached for one in answer.preventions.values()] + [one.now.reached for one in answer.waits.values()]
    if not lines and asked:
        met = sum(one.share > MOST_RUNS for one in asked)
        counted = words.count_of(len(asked), "target")
        return f"Of {counted} that the model can follow, {met or 'none'} {_is_or_are(met)} met in most runs as now"
    if not lines:
        return f"What policies and services give by {answer.year}, beside what the plan promises"
    wanted = words.money(sum(found.needed.amount for found in lines if found.needed))
    met = sum(found.is_reached for found in lines)
    if not met:
        return f"No policy tried brings the {wanted} that rests on less demand by {answer.year}"
    return f"{met} of {len(lines)} lines that rest on less demand come about by {answer.year}, of {wanted} in all"
