"""The page on futures: whether a policy still holds when the times turn out otherwise, in plain English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demandsim.comparison.meta import Meta, read_meta
from demandsim.comparison.robustness import JUDGED_BY, Robustness, judge
from demandsim.comparison.times import Fare, describe_times
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.charts.rows import Row, draw_rows, largest_of, money_scale
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections.case import picture
from demandsim.report.svg import chart_style
from demandsim.report.times import times_section

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from demandsim.comparison.estimate import Estimate

KIND: Final = "A page on futures for scrutiny, from a simulation"
#: Ids on the page may hold no underscore.
_KEYS: Final = {"cash": "cash", "crisis_months": "crisis-months"}
_TITLES: Final = {"cash": "Cash, all agencies", "crisis_months": "Months in crisis"}
_SIGNS: Final = {
    "cash": {"less": "costs less", "more": "costs more", "none": "costs the same"},
    "crisis_months": {
        "less": "has fewer months in crisis",
        "more": "has more months in crisis",
        "none": "changes no month in crisis",
    },
}
_SAID: Final = {"cash": "the cash of all agencies", "crisis_months": "months in crisis"}
_LESS: Final = {"cash": "It costs less", "crisis_months": "It has fewer"}


@dataclass(frozen=True)
class FuturesCase:
    """Results by future, judged by each measure, how the place fares as now, and the words that travel with them."""

    results: Mapping[str, xr.Dataset]
    judged: Mapping[str, Robustness]
    fares: Mapping[str, Fare]

    @property
    def meta(self) -> Meta:
        """Words of the first future; titles of scenarios are the same in all."""
        return read_meta(next(iter(self.results.values())))

    @property
    def one(self) -> Robustness:
        """Any of the judgements, for what they have in common."""
        return self.judged[JUDGED_BY[0]]

    @property
    def policies(self) -> tuple[str, ...]:
        """Every policy but to go on as now."""
        return self.one.policies[1:]

    @property
    def n_runs(self) -> int:
        """Runs of each scenario in each future, at the least."""
        return min(standing.difference.n_runs for standing in self.one.standings.values())

    def policy_title(self, policy: str) -> str:
        """Title of a scenario."""
        return self.meta.scenario_title(policy)

    def future_title(self, future: str) -> str:
        """Title of a future."""
        return str(read_meta(self.results[future]).future.get("title") or future.replace("_", " "))

    @property
    def future_titles(self) -> dict[str, str]:
        """Titles of all futures, by id."""
        return {future: self.future_title(future) for future in self.results}

    def story(self, future: str) -> str:
        """What happens in a future."""
        return str(read_meta(self.results[future]).future.get("story") or "Times are as now.")


def read_futures(results: Mapping[str, xr.Dataset]) -> FuturesCase:
    """Judge results by future.

    Raises
    ------
    RequestError
        As `demandsim.comparison.robustness.judge` does.
    """
    return FuturesCase(results, {measure: judge(results, measure) for measure in JUDGED_BY}, describe_times(results))


def write_futures_page(case: FuturesCase, path: str | Path, command: str = "") -> Path:
    """Write the page: one HTML file.

    Raises
    ------
    RequestError
        When it cannot be written.
    """
    return write_page(render_futures(case, command), path, "page")


def render_futures(case: FuturesCase, command: str = "") -> str:
    """The page as HTML text; the same results always give the same text."""
    place = case.meta.place.get("title") or "The place"
    with chart_style():
        sections = [
            _question(case),
            _answer(case),
            times_section(case.fares, case.future_titles, case.policy_title(case.one.baseline)),
            *(_differences(case, measure) for measure in JUDGED_BY),
            _regret(case),
            _limits(case, command),
        ]
    return render_page(f"Futures: {place}", sections, _headline(case), case.n_runs, KIND)


def _question(case: FuturesCase) -> Section:
    n = len(case.one.futures)
    first = next(iter(case.results.values()))
    years = [str(year) for year in first["year"].values]
    about = (
        f"The same households, beliefs and luck were run under {n} futures, from {years[0]} to {years[-1]}, "
        f"{words.with_runs(case.n_runs)} of each policy in each. A future changes what no policy decides: shocks, "
        "grants, growth and how fast people move. No future is held to be likelier than another."
    )
    size = (
        f"{int(first.attrs['n_households']):,} households are simulated at the start; figures are for them, in prices "
        f"of {first.attrs.get('price_year', 'a year not recorded')}, not discounted."
    )
    points = tuple(f"{case.future_title(future)}: {case.story(future)}" for future in case.one.futures)
    return Section("question", "The futures", (about, size), points)


def _answer(case: FuturesCase) -> Section:
    points = tuple(_verdict_words(case, policy) for policy in case.policies)
    rule = (
        "How we decide: a sign is the same in all futures when the mean of the runs lies on one side of zero in each. "
        "It is sure when in each future at least nine in ten runs lie there too. A share of runs says how often our "
        "own model gives a result, not how likely it is in life. Most regret is the largest shortfall from the policy "
        "that turned out best on average."
    )
    return Section("answer", _headline(case), (_choices(case), rule), points, exhibits=(_overview(case),))


def _overview(case: FuturesCase) -> Exhibit:
    """Every policy by both measures: its worst future, its largest regret, how often it has less."""
    rows = []
    for policy in case.one.policies:
        cells = [Cell(case.policy_title(policy))]
        for measure in JUDGED_BY:
            verdict, form = case.judged[measure].verdicts[policy], _form(measure)
            cells += [Cell(words.signed(verdict.worst, form)), Cell(form(verdict.largest_regret))]
            cells.append(Cell(words.in_runs(verdict.n_better, verdict.n_runs)))
        rows.append(tuple(cells))
    heads = (
        f"{_TITLES[measure]}: {what}"
        for measure in JUDGED_BY
        for what in ("worst future", "most regret", _LESS[measure][3:])
    )
    caption = (
        f"Every policy over {len(case.one.futures)} futures: means of {words.with_runs(case.n_runs)} in each, and in "
        "how many of all runs there is less than as now. Intervals are in the tables below."
    )
    sentence = "The worst future is the one in which a policy does least well against going on as now."
    return Exhibit("All policies at a glance", sentence, "", Table(caption, ("Policy", *heads), tuple(rows)))


def _headline(case: FuturesCase) -> str:
    policy = case.policies[0]
    told = [_sign_words(case, measure, policy) for measure in JUDGED_BY]
    return f"{case.policy_title(policy)}: {'; '.join(told)}"


def _sign_words(case: FuturesCase, measure: str, policy: str) -> str:
    judged = case.judged[measure]
    verdict, n = judged.verdicts[policy], len(judged.futures)
    ways = [words.direction(judged.standings[future, policy].difference) for future in judged.futures]
    clear = sum(way in ("less", "more") for way in ways)
    if verdict.sign == "changes":
        less = _SIGNS[measure]["less"]
        return (
            f"whether it {less} depends on the future" if clear else f"whether it {less} we cannot tell in any future"
        )
    if verdict.is_sure:
        return f"it {_SIGNS[measure][verdict.sign]} in all {n} futures"
    surely = f"surely in {clear} of them" if clear else "surely in none of them"
    return f"it {_SIGNS[measure][verdict.sign]} in all {n} futures on average, {surely}"


def _verdict_words(case: FuturesCase, policy: str) -> str:
    parts = [_sign_words(case, measure, policy) for measure in JUDGED_BY]
    cash, crisis = (case.judged[measure].verdicts[policy] for measure in JUDGED_BY)
    often = (
        f"Over all futures it costs less {words.in_runs(cash.n_better, cash.n_runs)} and has fewer months in crisis "
        f"{words.in_runs(crisis.n_better, crisis.n_runs)}."
    )
    return f"{case.policy_title(policy)}: {'; '.join(parts)}. {often}"


def _choices(case: FuturesCase) -> str:
    told = []
    for measure in JUDGED_BY:
        judged = case.judged[measure]
        worst, regret = case.policy_title(judged.maximin), case.policy_title(judged.minimax_regret)
        told.append(
            f"By {_SAID[measure]}, whoever fears the worst future would choose “{worst}”, and whoever fears "
            f"having chosen wrongly “{regret}”."
        )
    return " ".join(told)


def _form(measure: str) -> words.Format:
    return words.money if measure == "cash" else words.whole


def _differences(case: FuturesCase, measure: str) -> Section:
    judged = case.judged[measure]
    same = [policy for policy in case.policies if judged.verdicts[policy].sign in ("less", "more")]
    said = (
        f"Each policy against “{case.policy_title(judged.baseline)}” under the same future. On average "
        f"{len(same)} of {words.count_of(len(case.policies), 'policy', 'policies')} "
        f"{'lies' if len(same) == 1 else 'lie'} on the same side of zero in every future."
    )
    exhibits = tuple(_one_policy(case, measure, policy) for policy in case.policies)
    return Section(_KEYS[measure], f"{_TITLES[measure]}, future by future", (said,), exhibits=exhibits)


def _one_policy(case: FuturesCase, measure: str, policy: str) -> Exhibit:
    """One policy in every future: a picture and the table of the same figures."""
    judged, form, title = case.judged[measure], _form(measure), case.policy_title(policy)
    named = [(case.future_title(name), judged.standings[name, policy].difference) for name in judged.futures]
    rows = tuple(
        (Cell(future), change_cell(one, form), Cell(words.in_runs(one.n_below, one.n_runs))) for future, one in named
    )
    what = _TITLES[measure]
    finding = f"{title}: {_sign_words(case, measure, policy)}"
    caption = interval_caption(f"{what}: {title}, against “{case.policy_title(judged.baseline)}”", case.n_runs)
    key = f"{_KEYS[measure]}-{policy.replace('_', '-')}"
    svg = picture(_chart(named, measure), key, finding, f"{what}: difference in each future, with nine in ten runs.")
    sentence = "A filled dot lies on one side of zero; a hollow dot could be either."
    return Exhibit(finding, sentence, svg, Table(caption, ("Future", what, _LESS[measure]), rows))


def _chart(named: list[tuple[str, Estimate]], measure: str, is_regret: bool = False) -> Figure:
    """One row a figure; filled where nine in ten runs lie on one side of zero."""
    form = _form(measure)
    scale, unit = money_scale(largest_of([one for _, one in named])) if measure == "cash" else (1.0, "months")
    rows = [Row(label, estimate, words.signed(estimate.mean, form), scale) for label, estimate in named]
    better = "a saving" if measure == "cash" else "fewer"
    return draw_rows(rows, f"Regret, {unit}" if is_regret else f"{unit}: less than zero is {better}")


def _regret(case: FuturesCase) -> Section:
    paragraph = (
        "Regret is what it costs not to have chosen the policy that is best on average in the future that comes. To go "
        "on as now is a choice too. The policy with the smallest largest regret is the one that is never far wrong."
    )
    return Section("regret", "Regret", (paragraph,), exhibits=tuple(_regret_of(case, m) for m in JUDGED_BY))


def _regret_of(case: FuturesCase, measure: str) -> Exhibit:
    judged, form = case.judged[measure], _form(measure)
    rows, named = [], []
    for policy in judged.policies:
        estimates = [judged.standings[future, policy].regret for future in judged.futures]
        largest = max(estimates, key=lambda estimate: estimate.mean)
        named.append((case.policy_title(policy), largest))
        cells = [change_cell(estimate, form) for estimate in estimates]
        rows.append((Cell(case.policy_title(policy)), *cells, Cell(form(judged.verdicts[policy].largest_regret))))
    finding = f"{_TITLES[measure]}: least largest regret with “{case.policy_title(judged.minimax_regret)}”"
    caption = interval_caption(f"{_TITLES[measure]}: regret, against the best policy of each future", case.n_runs)
    head = ("Policy", *(case.future_title(future) for future in judged.futures), "Largest")
    svg = picture(
        _chart(named, measure, is_regret=True),
        f"regret-{_KEYS[measure]}",
        finding,
        "Largest regret of each policy over futures.",
    )
    sentence = "The picture shows each policy's largest regret; the table has it in every future."
    return Exhibit(finding, sentence, svg, Table(caption, head, tuple(rows)))


def _limits(case: FuturesCase, command: str) -> Section:
    points = (
        "The futures are stories, chosen to differ. They are not forecasts, and the truth may lie outside all of them.",
        "How strongly a shock acts on need is assumed; each set of beliefs draws it anew, from no effect at all up.",
        "Regret and the worst case are told by the mean of the runs; the intervals say how far single runs differ.",
        *case.meta.not_known,
    )
    code = (command,) if command else ()
    return Section("limits", "What this cannot tell", (), points, code=code)
