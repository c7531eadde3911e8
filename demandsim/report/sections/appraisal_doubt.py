"""How far an appraisal can be trusted: optimism, deadweight, and what is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demandsim.comparison.meta import readable
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table, change_cell, interval_caption
from demandsim.report.sections.appraisal import agency_title

if TYPE_CHECKING:
    from demandsim.comparison.appraisal import Beside
    from demandsim.comparison.deadweight import Deadweight
    from demandsim.comparison.value import Appraisal


def optimism(appraisal: Appraisal) -> Section:
    """The same figures as estimated, and corrected for optimism, side by side."""
    bias = appraisal.meta.appraisal["optimism_bias"]
    total = appraisal.fiscal[-1]
    accounts = [(agency_title(one), one) for one in appraisal.fiscal if one.is_touched]
    accounts += [
        ("Output, middle price", appraisal.output["middle"]),
        ("Quality of life, middle price", appraisal.life["middle"]),
    ]
    rows = tuple(
        (
            Cell(label),
            change_cell(one.net, words.money),
            Cell(words.signed(one.corrected.net, words.money)),
            _beside(one.corrected.cost),
            _beside(one.corrected.gain),
        )
        for label, one in accounts
    )
    caption = interval_caption("Net present value as estimated and corrected for optimism", appraisal.comparison.n_runs)
    head = ("Account", "As estimated", "Corrected, in the middle", "Costs, raised", "Gains, lowered")
    grades = words.sentence_list([f"{share:.0%} for what is {grade}" for grade, share in bias.items()])
    lead = (
        f"Those who propose a policy hope. So costs are raised and gains lowered by how well they are known: {grades}. "
        f"The gains rest on effects whose weakest evidence is graded {appraisal.gain_grade}, and on prices; the weaker "
        "of the two counts."
    )
    sentence = (
        "The correction answers another question than the range over runs, so the two stand beside one another and are "
        "never multiplied: the range says what follows from what we believe, the correction what hope usually does to "
        "such figures. The percentages are a convention and were recalled, not read."
    )
    finding = (
        f"Corrected for optimism, public agencies together: {words.signed(total.corrected.net, words.money)}, "
        f"beside {words.signed(total.net.mean, words.money)} as estimated"
    )
    exhibit = Exhibit(finding, sentence, "", Table(caption, head, rows))
    return Section("optimism", "If we hope too much", (lead,), exhibits=(exhibit,))


def deadweight(appraisal: Appraisal) -> Section:
    """What services would count, and what is really fewer."""
    heading = "What would have come about anyway"
    lead = (
        "No share is taken off any gain for what would have come about anyway: the same households live through both "
        "worlds on the same luck, so it is in neither difference. What a service counts as success is another matter."
    )
    found = appraisal.deadweight
    if not found:
        return Section(
            "deadweight", heading, (lead, "No line ends more cases well, so there is nothing to tell apart.")
        )
    rows = []
    for one in found:
        rows.append(
            (
                Cell(readable(one.need)),
                change_cell(one.counted, words.whole),
                change_cell(one.averted, words.whole),
                _overclaimed(one),
            )
        )
    first = found[0]
    finding = (
        f"{readable(first.need)}: {words.whole(first.counted.mean)} more successes counted, "
        f"{words.whole(first.averted.mean)} months with the need "
        f"{'fewer' if first.averted.mean >= 0 else 'more'}"
    )
    caption = interval_caption(
        "Extra successes counted, and household-months with the need averted", first.counted.n_runs
    )
    head = ("Need", "Extra successes counted", "Months with the need averted", "Overclaimed")
    sentence = (
        "A success is a case that ends with the need below the level at which the service opens. The last column is "
        "the share that an appraisal would overclaim if it took each success for a year without the need, as unit "
        "costs by the year invite one to: people who would have got there anyway, who fall back, whose place in the "
        "queue somebody else lost, or whose year runs beyond the last one simulated. Above 100% there is more of the "
        "need although more successes are counted; below 0% more is averted than counted."
    )
    return Section(
        "deadweight", heading, (lead,), exhibits=(Exhibit(finding, sentence, "", Table(caption, head, tuple(rows))),)
    )


def _overclaimed(found: Deadweight) -> Cell:
    """The share overclaimed; none where in some of nine in ten runs no more successes are counted."""
    kept = found.kept
    if found.counted.low <= 0.0 or kept.middle is None or kept.low is None or kept.high is None:
        return Cell("cannot tell")
    middle, low, high = (
        f"{words.MINUS if share > 1.0 else ''}{words.percent(1.0 - share)}"
        for share in (kept.middle, kept.high, kept.low)
    )
    return Cell(middle, f"{low} to {high}")


def left_out(appraisal: Appraisal) -> Section:
    """What an appraiser would look for and not find."""
    n_years = appraisal.comparison.results.sizes["year"]
    points = (
        f"What comes after {words.count_of(n_years, 'year')}. Run more years to see it.",
        "Who gains among households: a pound counts the same for rich and poor.",
        "Overlap between needs: the quality of life that one household loses to each of its needs is added up.",
        "Land, buildings and other capital, but for what a scenario states.",
        "Well-being beyond quality of life, the fear of crime, what relatives do unpaid, and the environment.",
        "Where the answer turns round if help works less well or fewer take it up: see “How sure” in the brief, and "
        "for other years demandsim pockets DIR.",
        "Time set free that is not money: see “Cash against capacity released” in the brief.",
        "Savings of hospitals, police and courts are counted at average prices, which overstates what they can bank.",
        "Prices of the year stated, with no rise of wages or rents beyond inflation.",
    )
    return Section("left-out", "What is not in it", points=points)


def _beside(found: Beside) -> Cell:
    """Corrected, with the figure as estimated beneath."""
    if found.as_estimated == found.corrected == 0.0:
        return Cell("–")
    said = [f"{words.MINUS if gbp < 0 else ''}{words.money(gbp)}" for gbp in (found.corrected, found.as_estimated)]
    return Cell(said[0], f"from {said[1]}")
