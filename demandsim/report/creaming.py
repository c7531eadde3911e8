"""Whom a provider paid by results takes and leaves, in lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from demandsim.comparison.estimate import Estimate, summarise
from demandsim.comparison.measures import succeeded
from demandsim.comparison.paired import LUCK
from demandsim.report import words

if TYPE_CHECKING:
    import xarray as xr

FAR: Final = "crisis"


def creaming_lines(results: xr.Dataset, title: str, providers: dict[str, str]) -> tuple[list[str], str]:
    """What a provider did under each way of paying, and the same in one sentence.

    Parameters
    ----------
    results : xarray.Dataset
        With ``work_pathways``.
    title : str
        Under what beliefs.
    providers : dict of scenario to what is paid for
        Such as ``{"providers_by_target": "numbers"}``.

    Raises
    ------
    RequestError
        If ways into work were not watched.
    """
    counts = succeeded(results, "work_pathways").sel(work_group="working_age").sum("year", skipna=False)
    lines, said = [title], []
    for name, paid in providers.items():
        here = counts.sel(scenario=name)
        listed, taken = _part_far(here, "on_providers_list"), _part_far(here, "taken")
        far = here.sel(state=FAR)
        helped = far.sel(work_event="helped_months", drop=True)
        effort = _estimate(far.sel(work_event="effort", drop=True) / helped.where(helped > 0))
        gap = _estimate(taken - listed)
        lines += [
            f"  paid for {paid}: people far from work ({words.with_runs(effort.n_runs)})",
            f"    are, of those on the list   {_said(_estimate(listed), words.percent)}",
            f"    are, of those taken         {_said(_estimate(taken), words.percent)}",
            f"    get effort (1 is even)      {_said(effort, words.hundredths)}",
        ]
        part = words.difference(gap.mean, words.points, "larger", "smaller")
        said.append(f"for {paid}, their part of those taken: {part}; effort on them: {words.hundredths(effort.mean)}")
    return lines, f"{title}. Paid {'. Paid '.join(said)}."


def _part_far(counts: xr.DataArray, event: str) -> xr.DataArray:
    """Those far from work, of all whom an event befell."""
    chosen = counts.sel(work_event=event, drop=True)
    whole = chosen.sum("state", skipna=False)
    return chosen.sel(state=FAR, drop=True) / whole.where(whole > 0)


def _estimate(values: xr.DataArray) -> Estimate:
    return summarise(values.transpose(*LUCK).values[None], "share")[0]


def _said(one: Estimate, form: words.Format) -> str:
    return f"{form(one.mean)} ({words.level_range(one.low, one.high, form)})"
