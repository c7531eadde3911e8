"""The question and the answer."""

from __future__ import annotations

from demandsim.report import words
from demandsim.report.answer import CASES, NEGLIGIBLE
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import money_rows
from demandsim.report.sections.case import Case, picture, size_words


def question(case: Case) -> Section:
    """What was asked, of which place."""
    scenario = case.meta.scenarios.get(case.comparison.scenario, {})
    place = case.meta.place.get("title") or case.attr("place")
    asked = str(scenario.get("question") or f"Does “{case.title}” cost less and leave people better off?")
    sizes = size_words(case.results.attrs)
    years = f"{case.years[0]} to {case.years[-1]}"
    runs = words.with_runs(case.n_runs)
    about = f"The place is {place}. We compared “{case.title}” with “{case.against}” from {years}, {runs} of each."
    paragraphs = [asked, about, sizes]
    if future := case.meta.future:
        paragraphs.append(f"The times are those of a future, “{future['title']}”. {future['story']}")
    if case.comparison.n_failed:
        paragraphs.append(_failures(case))
    return Section("question", "The question", tuple(paragraphs))


def answer(case: Case) -> Section:
    """The headline, three sentences, and the answer under other beliefs."""
    found = case.answer
    rule = (
        "How we decide: when the interval of nine in ten runs includes zero we say that it could be either. "
        f"Where all of it is under {words.percent(NEGLIGIBLE)} of the months in crisis under “{case.against}”, we say "
        "that it makes no difference that matters to people, even where every run has the same sign. People are judged "
        "by the months they spend in crisis; other outcomes are told below and may go another way. The number of runs "
        "says how often our own model gives a result, not how likely it is in life."
    )
    exhibits = (_cases(case),) if case.cases else ()
    return Section("answer", found.headline(), (*found.sentences(case.cases), rule), exhibits=exhibits)


def _cases(case: Case) -> Exhibit:
    names = [name for name in CASES if name in case.cases]
    rows, named = [], []
    for name in names:
        cash, crisis = case.cases[name]
        named.append((CASES[name], cash))
        often = Cell(words.in_runs(cash.n_below, cash.n_runs))
        rows.append((Cell(CASES[name]), change_cell(cash, words.money), often, change_cell(crisis, words.whole)))
    signs = {words.direction(case.cases[name][0]) for name in names}
    finding = (
        "The sign of the cost stays the same whatever we believe"
        if len(signs) == 1
        else "The answer on cost changes with what we believe"
    )
    if signs == {"either"}:
        finding = "Whatever we believe, the cost could be either"
    svg = picture(
        money_rows(named), "cases", finding, "Total cash difference under each set of beliefs, with nine in ten runs."
    )
    sentence = (
        "Nobody knows how much of the link between needs is one causing another, nor how well joined-up working works. "
        "Here is the total cash difference under other beliefs about both. "
        "A filled dot lies on one side of zero; a hollow dot could be either."
    )
    n_runs = case.cases[names[0]][0].n_runs
    if "central" in names:
        sentence += (
            f" Each row has {words.with_runs(n_runs)} of its own, so that its first need not equal the answer above, "
            f"which rests on {words.with_runs(case.n_runs)}."
        )
    caption = interval_caption("The answer under other beliefs", n_runs)
    head = ("What we believe", "Cash, all agencies", "Costs less", "Months in crisis")
    return Exhibit(finding, sentence, svg, Table(caption, head, tuple(rows)))


def _failures(case: Case) -> str:
    failed = case.comparison.n_failed
    reasons = ""
    if "reason" in case.results:
        found = {str(reason) for reason in case.results["reason"].values.ravel() if str(reason)}
        reasons = f" Reasons given: {words.sentence_list(sorted(found))}." if found else ""
    return (
        f"{words.with_runs(failed).capitalize()} failed and {'is' if failed == 1 else 'are'} "
        f"left out of every figure below.{reasons}"
    )
