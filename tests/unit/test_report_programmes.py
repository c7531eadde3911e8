"""Programmes beside their studies, and ways into work, as the brief shows them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import xarray as xr
from synthetic_results import SCENARIOS, make_results

from demandsim.comparison.paired import compare
from demandsim.labels import STATES
from demandsim.report.block import Section
from demandsim.report.creaming import creaming_lines
from demandsim.report.sections.case import Case
from demandsim.report.sections.pathways import pathways
from demandsim.report.sections.programmes import HAS_EFFECT, KEPT_NULL, NO_CONTROL, crisis_prices, programmes
from demandsim.report.words import number
from demandsim.study.pathways import WORK_EVENTS, WORK_GROUPS


def _case(results: xr.Dataset, **changes: dict[str, Any]) -> Case:
    meta = json.loads(results.attrs["meta"])
    results.attrs["meta"] = json.dumps(meta | changes)
    return Case(compare(results, "whole_system"))


def _effect(ratio: float, has_control: bool) -> dict[str, Any]:
    return {
        "title": "Support: children looked after, helped over matched families",
        "service": "family_support" if has_control else "child_social_work",
        "published": "0.68 (0.5 to 0.9), 24 months, randomised trial",
        "hazard_ratio": {"family.complex.up": ratio},
        "has_control": has_control,
    }


def _scenarios(*services: list[str]) -> dict[str, Any]:
    return {name: {"title": name, "services": moved} for name, moved in zip(SCENARIOS, services, strict=True)}


def _only(sections: tuple[Section, ...]) -> Section:
    (section,) = sections
    return section


@pytest.mark.parametrize(("ratio", "standing"), [(1.0, KEPT_NULL), (0.9, HAS_EFFECT)])
def test_each_programme_says_whether_its_study_found_anything(ratio: float, standing: str) -> None:
    case = _case(
        make_results("wins", draws=4, replicates=1, years=3),
        scenarios=_scenarios([], ["family_support"], ["child_social_work"]),
        effects={"one": _effect(ratio, True), "two": _effect(1.0, False)},
    )
    section = _only(programmes(case))
    (exhibit,) = section.exhibits
    assert exhibit.table is not None
    first, second = exhibit.table.rows
    assert (first[0].sub, second[0].sub) == (standing, NO_CONTROL)
    assert first[1].main.startswith("children looked after, helped over matched families: 0.68")
    assert first[1].sub == f"family need gets worse from complex × {ratio:.2f}"
    assert exhibit.finding.endswith(
        f"{'1' if standing == KEPT_NULL else 'none'} had a study that found nothing, and 1 had no control group"
    )
    assert first[3].main.startswith("\N{MINUS SIGN}")  # fewer months in crisis, as was put in


def test_what_a_programme_would_have_to_spare_to_pay_for_itself() -> None:
    results = make_results("loses", draws=4, replicates=1, years=3)
    results["activity"].loc[{"event": "case_time", "service": "looked_after"}] = 100
    meta = json.loads(results.attrs["meta"])
    services = meta["services"]
    services["looked_after"]["needs"] = ["family"]
    case = _case(
        results,
        services=services,
        scenarios=_scenarios([], ["family_support"], ["child_social_work"]),
        effects={"one": _effect(1.0, True), "two": _effect(1.0, False)},
    )
    price = crisis_prices(case)["family"]
    spent = case.results["cost"].sel(scenario="as_now", account="cash", category="looked_after").sum(["payer", "year"])
    assert price.months == 100 * case.results.sizes["month"]
    assert price.price == pytest.approx(float(spent.mean()) / price.months)
    table = _only(programmes(case)).exhibits[0].table
    assert table is not None
    assert table.head[-1] == "To pay for itself it would have to spare"
    months = case.comparison.cost.total().mean / price.price
    assert table.rows[0][-1].main.startswith(f"{number(months)} months of ")


def test_a_way_of_working_that_moves_many_services_is_no_programme() -> None:
    many = ["family_support", "child_social_work", "housing_advice", "talking_therapies"]
    case = _case(
        make_results(draws=2, replicates=1, years=2),
        scenarios=_scenarios([], many, ["family_support"]),
        effects={"one": _effect(0.9, True)},
    )
    assert programmes(case) == ()


def _watched(effort_by_target: float, effort_by_progress: float) -> xr.Dataset:
    """Results in which the second and third scenario have a provider; it is as good to everybody."""
    results = make_results(draws=4, replicates=1, years=2)
    shape = (len(SCENARIOS), 4, 1, len(WORK_GROUPS), len(WORK_EVENTS), len(STATES), 2)
    counts = np.full(shape, 10.0)
    counts[0, ..., WORK_EVENTS.index("taken"), :, :] = 0.0
    for row, effort in ((1, effort_by_target), (2, effort_by_progress)):
        counts[row, ..., WORK_EVENTS.index("effort"), STATES.index("crisis"), :] *= effort
        counts[row, ..., WORK_EVENTS.index("taken"), STATES.index("complex"), :] *= 3.0
    counts[1, ..., WORK_EVENTS.index("stayed_in_work"), :, :] += 2.0
    dims = ("scenario", "draw", "replicate", "work_group", "work_event", "state", "year")
    results["work_pathways"] = (dims, counts)
    return results.assign_coords(work_group=list(WORK_GROUPS), work_event=list(WORK_EVENTS), state=list(STATES))


def test_the_brief_says_whom_a_provider_takes_and_leaves() -> None:
    section = _only(pathways(_case(_watched(0.5, 1.1))))
    sustained, creaming = section.exhibits
    assert sustained.finding == "Of 100 households far from work, 100 leave in a month; 4 more leave for good"
    assert "50% less under" in creaming.finding
    assert "10% more under" in creaming.finding
    assert creaming.table is not None
    near, far, *_ = creaming.table.rows
    assert (near[1].main, near[2].main) == ("50%", "75%")  # of those on the list, of those taken
    assert (far[1].main, far[2].main, far[3].main) == ("50%", "25%", "0.5")


def test_a_terminal_is_told_the_same() -> None:
    lines, said = creaming_lines(_watched(0.5, 1.1), "As believed", {SCENARIOS[1]: "numbers", SCENARIOS[2]: "progress"})
    assert lines[:2] == ["As believed", "  paid for numbers: people far from work (4 runs)"]
    # As many in each of five states on the list; of those taken, one in seven.
    assert said.startswith(
        "As believed. Paid for numbers, their part of those taken: 5.7 points smaller; effort on them: 0.5"
    )
    assert said.endswith("effort on them: 1.1.")


def test_a_study_that_watched_nobody_has_no_such_section() -> None:
    assert pathways(_case(make_results(draws=2, replicates=1, years=2))) == ()
