"""What a policy is worth by the Treasury's rules: a page, its words, and the same as data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from demandsim.comparison.value import Appraisal
from demandsim.report import words
from demandsim.report.block import Section
from demandsim.report.json_text import compared_json
from demandsim.report.rendering import render_page, write_page
from demandsim.report.sections import closing
from demandsim.report.sections.appraisal import alternatives, fiscal, headline, kinds, life
from demandsim.report.sections.appraisal_doubt import deadweight, left_out, optimism
from demandsim.report.sections.case import Case, where_from
from demandsim.report.svg import chart_style

if TYPE_CHECKING:
    from pathlib import Path

    from demandsim.comparison.paired import Comparison
    from demandsim.comparison.worth import Account

KIND: Final = "What it is worth, from a simulation"


def write_appraisal(comparison: Comparison, path: str | Path) -> Path:
    """Write the appraisal of one comparison as one HTML file.

    Parameters
    ----------
    comparison : Comparison
        As `demandsim.compare` gives.
    path : str or Path
        Where to write; the folder is made, and the file is replaced whole or not at all.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    RequestError
        When the results carry no beliefs for an appraisal, or the file cannot be written.
    """
    appraisal, case = Appraisal(comparison), Case(comparison)
    with chart_style():
        sections = [_lead(appraisal, case), *appraisal_sections(appraisal), closing.reproduce(case)]
    return write_page(render_page(case.page_title, sections, headline(appraisal), case.n_runs, KIND), path, "page")


def appraisal_sections(appraisal: Appraisal, is_drawn: bool = True) -> list[Section]:
    """Everything between the answer and how to reproduce it; without charts for a terminal."""
    return [
        fiscal(appraisal, is_drawn),
        kinds(appraisal, is_drawn),
        life(appraisal),
        alternatives(appraisal, is_drawn),
        optimism(appraisal),
        deadweight(appraisal),
        left_out(appraisal),
    ]


def _lead(appraisal: Appraisal, case: Case) -> Section:
    """The question and its answer in one paragraph."""
    total, corrected = appraisal.fiscal[-1], appraisal.fiscal[-1].corrected.net
    said = (
        f"“{case.title}” against “{case.against}”, {words.with_runs(case.n_runs)}: the present value to all public "
        f"agencies together is {words.signed(total.net.mean, words.money)}, with nine in ten runs from "
        f"{words.signed(total.net.low, words.money)} to {words.signed(total.net.high, words.money)}; they gain "
        f"{words.in_runs(total.worthwhile.n_such, total.worthwhile.n_runs)}. Corrected for optimism the middle figure "
        f"is {words.signed(corrected, words.money)}. {where_from(appraisal.comparison.results)}"
    )
    rule = (
        "An appraisal puts prices on what a simulation gives. The runs say what may happen as beliefs and luck vary; "
        "the prices are choices, stated beside each figure."
    )
    return Section("answer", headline(appraisal), (said, rule))


def appraisal_json(appraisal: Appraisal) -> str:
    """Every figure as JSON; what is not known is null."""
    record: dict[str, Any] = {
        "prices": appraisal.meta.appraisal,
        "discount_rate": appraisal.meta.discount_rate,
        "fiscal": [_account(one) for one in appraisal.fiscal],
        "transfers": _account(appraisal.transfers),
        "resources": _account(appraisal.resources),
        "economic": {
            "others": _account(appraisal.others),
            "output": {at: _account(one) for at, one in appraisal.output.items()},
        },
        "social": {at: _account(one) for at, one in appraisal.life.items()},
        "price_of_life": asdict(appraisal.price_of_life),
        "gains_graded": appraisal.gain_grade,
        "deadweight": [asdict(one) for one in appraisal.deadweight],
    }
    return compared_json(appraisal.comparison, "GBP, present value; plus is a gain", record)


def _account(account: Account) -> dict[str, Any]:
    return {name: value for name, value in asdict(account).items() if name != "by_run"} | {
        "corrected_net": account.corrected.net
    }
