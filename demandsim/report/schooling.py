"""School places, stated and added up, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.place import Place
from demandsim.place.schooling import count_pupils, places_of


def schooling_lines(
    place: Place, first: str, years: int, forms: tuple[float, float], paces: Sequence[float]
) -> list[str]:
    """Children of school age by year beside the places that are planned, at several paces of growth, and the finding.

    Parameters
    ----------
    place : Place
    first : str
        Month from which children are counted.
    years : int
    forms : tuple of two floats
        Further forms of entry that are planned, primary and secondary.
    paces : sequence of float
        Of the place's path.

    Raises
    ------
    RequestError
        As `demandsim.place.schooling.count_pupils` does.
    """
    primary, secondary = places_of(*forms)
    lines = [
        f"{place.title}: children of school age, and {primary:,.0f} primary and {secondary:,.0f} secondary places",
        "planned beside those there are. Stated figures added up: no child of the simulation is asked, and how many",
        "places there are already, and who crosses the border to school, is not known here.",
    ]
    for pace in paces:
        lines += ["", f"Households at {pace:g} times the pace of the place's path"]
        lines += ["  year      primary    more   of planned   secondary    more   of planned"]
        lines += [
            f"  {row.year}  {row.primary:9,.0f} {row.more_primary:+7,.0f}   {_part(row.more_primary, primary):>10}   "
            f"{row.secondary:9,.0f} {row.more_secondary:+7,.0f}   {_part(row.more_secondary, secondary):>10}"
            for row in count_pupils(place, first, years, pace)
        ]
    last = count_pupils(place, first, years, 1.0)[-1]
    return [
        *lines,
        "",
        f"In brief: at the stated pace there are {last.more_primary:,.0f} more children of primary age after {years} "
        "years,",
        f"and {primary:,.0f} more places are planned: growth fills {_part(last.more_primary, primary)} of them, and "
        f"{_part(last.more_secondary, secondary)} of the secondary places.",
        "Ages under 18 are taken to be equally many, and children to grow in number as households do: both assumed.",
    ]


def _part(more: float, planned: float) -> str:
    return f"{more / planned:.0%}" if planned else "none"
