"""The page of an account: the plan as it states itself, whether it adds up, and what the model says about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from demandsim.policy.reckoning import reckon
from demandsim.report import words
from demandsim.report.block import Section
from demandsim.report.plan_words import headline
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections import plan, plan_answers, plan_targets
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    from demandsim.comparison.account import AccountAnswer
    from demandsim.policy.account import Account

#: What stands over the title.
KIND: Final = "A plan's account, line by line"


def write_account(account: Account, path: str | Path, answer: AccountAnswer | None = None, command: str = "") -> Path:
    """Write an account's page: one HTML file in plain English.

    Parameters
    ----------
    account : Account
    path : str or Path
        The folder is made, and the file is replaced whole or not at all.
    answer : AccountAnswer, optional
        What the model says; without it the page tells only what the plan states.
    command : str, optional
        How to get the page again.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    RequestError
        When the file cannot be written.
    """
    return write_page(render_account(account, answer, command), path, "page")


def render_account(account: Account, answer: AccountAnswer | None = None, command: str = "") -> str:
    """The page as HTML text; the same account and answer always give the same text."""
    with chart_style():
        sections = build_sections(account, answer, command)
    figures = "All figures are the plan's own, or worked out from them."
    if answer is not None:
        figures = f"Stated figures are the plan's own; simulated ones come from {words.with_runs(answer.n_runs)}."
    return render_page(
        account.title, sections, headline(account, answer), answer.n_runs if answer else 0, KIND, figures
    )


def build_sections(
    account: Account, answer: AccountAnswer | None, command: str = "", is_drawn: bool = True
) -> list[Section]:
    """All sections in the order in which a reader asks; with charts only inside `chart_style`, where ``is_drawn``."""
    reckoning = reckon(account)
    sections = [Section("question", "The question", (account.question,))]
    if answer is not None:
        sections.append(plan_answers.answer_section(account, answer))
    sections.append(plan.plan_section(account, reckoning, is_drawn))
    if reckoning.total.value:
        sections.append(plan.kinds_section(account, reckoning))
    sections.append(plan.adding_up_section(reckoning))
    if answer is not None:
        sections += [plan_answers.line_section(account, line, answer, is_drawn) for line in account.simulated_lines]
    if account.targets:
        sections.append(plan_targets.targets_section(account, answer, is_drawn))
    if answer is not None:
        sections.append(plan_targets.spent_section(answer))
    sections.append(_limits(answer))
    if command:
        sections.append(Section("again", "How to get these figures again", code=(command,)))
    return sections


def _limits(answer: AccountAnswer | None) -> Section:
    """What the answer cannot tell."""
    points = [
        "Lines marked “stated” are taken as the plan has them. That they are not tested does not mean that they hold.",
    ]
    if answer is None:
        points.append("Nothing was simulated for this page.")
        return Section("not_known", "What this does not tell", points=tuple(points))
    size = f"{answer.n_households:,} of the place's {answer.n_households_full:,} households"
    if answer.n_households < answer.n_households_full:
        points.append(
            f"{size} are simulated and amounts are scaled up to the whole place, so luck looks larger than it would "
            "be there: intervals are wider, and a few runs may reach an amount, or miss it, by chance alone."
        )
        if answer.waits:
            points.append(
                "In so small a place a list has few places, and they come in whole numbers: that alone lengthens or "
                "shortens a wait."
            )
    if answer.n_failed:
        points.append(f"{words.with_runs(answer.n_failed).capitalize()} failed and are left out of every figure.")
    points.append(
        "Each share of runs comes with the interval within which chance alone would let it vary (19 in 20); how wrong "
        "the beliefs themselves may be is in the spread of the runs, not in that interval."
    )
    points += answer.meta.not_known
    return Section("not_known", "What this does not tell", points=tuple(points))
