"""How sure: the beliefs that matter, what is assumed, what is unexplained."""

from __future__ import annotations

from collections import Counter
from typing import Any

from demandsim.comparison.meta import readable
from demandsim.report import words
from demandsim.report.block import Cell, Exhibit, Section, Table
from demandsim.report.charts.beliefs import draw_beliefs
from demandsim.report.charts.rows import band_rows
from demandsim.report.sections.case import Case, picture
from demandsim.study.footing.record import read_footing

#: A modelled figure this near to its target counts as a match.
TOLERANCE = 0.10
NO_CONTROL = "no control group"


def beliefs(case: Case) -> Section:
    """The ten beliefs that move the answer most, and how well they are known."""
    heading = "The ten beliefs that matter most"
    headline = read_footing(case.results)
    pair = (case.comparison.scenario, case.comparison.against)
    ranking = case.meta.belief_ranking[:10] if headline and (headline.scenario, headline.against) == pair else []
    if not ranking:
        missing = "No study of which beliefs matter most came with these results."
        return Section("beliefs", heading, (f"{missing} “footing = 192” in the study's file adds one.",))
    first = ranking[0]
    n_told, n_beliefs = int(first["n_told"]), int(first["n_beliefs"])
    told = (
        f"{n_told or 'None'} of {n_beliefs} beliefs can be told apart from chance. All of them together foretell "
        f"{words.percent(float(first['explained']))} of how the cost differs between runs that were not used to learn "
        "it; the rest is luck, what only beliefs together do, and what so few runs cannot show."
    )
    return Section("beliefs", heading, (told,), exhibits=(_ranked(case, ranking),))


def _ranked(case: Case, ranking: list[dict[str, Any]]) -> Exhibit:
    """Chart and table of the beliefs that move the answer farthest."""
    known = [case.meta.belief(str(item["name"])) for item in ranking]
    labels = [
        str(belief.get("meaning") or readable(str(item["name"]))) for item, belief in zip(ranking, known, strict=True)
    ]
    grades = [str(item["evidence"]) for item in ranking]
    first, by_chance = ranking[0], float(ranking[0]["by_chance"])
    runs = words.with_runs(int(first["runs"]))
    finding = _finding(grades, int(first["n_told"]), runs)
    svg = picture(
        draw_beliefs(
            labels, [_move(item) for item in ranking], grades, by_chance, "£ a household: less than zero is cheaper"
        ),
        "beliefs",
        finding,
        "A bar for each belief with its interval, patterned by how well it is known; chance alone reaches the grey.",
    )
    caption = (
        f"How far each belief moves the difference in cash over all years, from {runs} of "
        f"{int(first['households']):,} households, each with beliefs of its own. In nine of ten such studies what a "
        "belief really does would lie between the smaller figures."
    )
    sentence = (
        "The bar says how much dearer or cheaper the policy becomes for a household if the belief lies at the high end "
        "of its range rather than the low end: nine in ten draws lie between. What lies in the grey band, within "
        f"{words.money(by_chance)} of zero, chance alone could show for the luckiest of {int(first['n_beliefs'])} "
        "beliefs that do nothing. The longest bars of many are a little flattered by luck."
    )
    head = ("Belief", "What we believe", "How it is known", "Source", "Moves the cost, £ a household")
    rows = tuple(_ranked_row(case, *row) for row in zip(labels, ranking, known, strict=True))
    return Exhibit(finding, sentence, svg, Table(caption, head, rows))


def _ranked_row(case: Case, label: str, item: dict[str, Any], belief: dict[str, Any]) -> tuple[Cell, ...]:
    grade, (moved, low, high) = str(item["evidence"]), _move(item)
    return (
        Cell(label, str(item["name"])),
        Cell(_value(belief), _range(belief)),
        Cell(words.GRADES.get(grade, grade), _no_control(case, str(item["name"]))),
        Cell(str(belief.get("source", "not recorded"))),
        Cell(words.signed(moved, words.money), words.signed_range(low, high, words.money)),
    )


def _finding(grades: list[str], n_told: int, runs: str) -> str:
    """How well known what matters most is; where nothing is told apart from chance, that and no more."""
    if n_told == 0:
        return f"With {runs}, no belief can yet be said to matter more than chance allows"
    weak = grades[:n_told].count("assumed")
    if n_told < len(grades):
        known = f"{weak} of them {'is' if weak == 1 else 'are'} assumed" if n_told > 1 else "it is assumed"
        known = known if weak or n_told > 1 else "it is not assumed"
        return f"{words.count_of(n_told, 'belief')} can be told to move the cost; {known}"
    if weak <= 1:
        return f"{'None' if weak == 0 else 'One'} of the {len(grades)} beliefs that matter most is assumed"
    return f"{weak} of the {len(grades)} beliefs that matter most are assumed: nobody has measured them"


def _move(item: dict[str, Any]) -> tuple[float, float, float]:
    return float(item["moved"]), float(item["low"]), float(item["high"])


def _no_control(case: Case, belief: str) -> str:
    """What is said of a belief about an effect that no control group stands behind."""
    family, _, rest = belief.partition(".")
    effect = case.meta.effects.get(rest.partition(".")[0], {}) if family == "effects" else {}
    return NO_CONTROL if effect.get("has_control") is False else ""


def assumption(case: Case) -> Section:
    """Counts by grade, and every effect with its published figure."""
    counts = Counter(str(belief["evidence"]) for belief in case.meta.beliefs)
    total = sum(counts.values())
    exhibits = []
    paragraph = "No beliefs came with these results."
    if total:
        share = counts["assumed"] / total
        paragraph = (
            f"The model holds {words.count_of(total, 'belief')}; {counts['assumed']:,} of them "
            f"({words.percent(share)}) are assumed."
        )
        rows = tuple(
            (Cell(words.GRADES[g]), Cell(f"{counts[g]:,}"), Cell(words.percent(counts[g] / total)))
            for g in words.GRADES
        )
        table = Table("Beliefs by how they are known", ("How it is known", "Beliefs", "Share"), rows)
        exhibits.append(
            Exhibit(
                f"{words.percent(share)} of all beliefs are assumed",
                "Each belief counts once here, however much it matters.",
                "",
                table,
            )
        )
    if case.meta.effects:
        exhibits.append(_effects(case))
    return Section("assumption", "What rests on assumption", (paragraph,), exhibits=tuple(exhibits))


def unexplained(case: Case) -> Section:
    """Place multipliers, and the model against published figures."""
    multipliers = dict(case.meta.place.get("multipliers", {}))
    exhibits = []
    paragraphs = []
    if multipliers:
        need, value = max(multipliers.items(), key=lambda pair: abs(float(pair[1]) - 1))
        paragraphs.append(
            "What we know about an area's deprivation does not account for how much need is seen "
            "here. The rest is made up "
            "by multipliers that only say that the place differs, not why."
        )
        rows = tuple((Cell(readable(n)), Cell(f"× {float(v):.2f}")) for n, v in multipliers.items())
        table = Table("What is left unexplained, by need (1 means nothing)", ("Need", "Multiplier"), rows)
        exhibits.append(
            Exhibit(
                f"{readable(need)} is furthest from what deprivation predicts: × {float(value):.2f}",
                "A policy that works on the unexplained part may work better or worse than we say.",
                "",
                table,
            )
        )
    else:
        paragraphs.append("No place multipliers came with these results.")
    if case.meta.targets:
        exhibits.append(_targets(case))
    else:
        paragraphs.append("No table of targets came with these results, so the model's fit is not shown.")
    return Section("unexplained", "What is unexplained", tuple(paragraphs), exhibits=tuple(exhibits))


def _effects(case: Case) -> Exhibit:
    unreplayed = sum(not effect.get("replayed") for effect in case.meta.effects.values())
    n = len(case.meta.effects)
    finding = f"The strength of {unreplayed:,} of {words.count_of(n, 'effect')} was not found by replaying its study"
    rows = tuple(
        (
            Cell(str(effect.get("title") or readable(name))),
            Cell(str(effect.get("published", "none")), NO_CONTROL if effect.get("has_control") is False else ""),
            Cell(words.strengths(effect.get("hazard_ratio", {}))),
            Cell(str(effect.get("standing") or ("replayed" if effect.get("replayed") else "not replayed"))),
            Cell(words.GRADES.get(str(effect.get("evidence")), "not recorded")),
        )
        for name, effect in case.meta.effects.items()
    )
    sentence = (
        "A study is replayed when the model, run as the study was, gives the study's own "
        "result. Where that has not been "
        "done, the strength used in the model was set by a stated rule from the published figure. Where no control "
        "group stands behind an effect, nobody knows what would have happened without the service."
    )
    head = ("Effect", "As published", "Strength in the model", "Replayed", "How it is known")
    return Exhibit(
        finding,
        sentence,
        "",
        Table(
            "Every effect of a service: how much faster or slower a need moves while help lasts; × 1 does nothing",
            head,
            rows,
            is_folded=True,
        ),
    )


def _targets(case: Case) -> Exhibit:
    rows, labels, ratios, texts, kept = [], [], [], [], 0
    for row in case.meta.targets:
        published, model = float(row["published"]), float(row["model"])
        ratio = model / published if published else float("nan")
        matched = abs(ratio - 1) <= TOLERANCE
        kept += matched
        labels.append(readable(str(row["target"])))
        ratios.append(ratio)
        texts.append(words.signed(ratio - 1, words.percent))
        use = {"fit": "used to set the model", "check": "checked afterwards", "hold": "kept aside"}.get(
            str(row.get("use")), ""
        )
        runs = f" ({words.with_runs(int(row['runs']))})" if "runs" in row else ""
        unit = str(row.get("unit", ""))
        form = words.formatter(unit)
        span = f"{form(float(row['low']))} to {form(float(row['high']))}" if "low" in row else ""
        if not span and float(row.get("standard_error", 0.0)) > 0.0:
            span = f"give or take {form(2 * float(row['standard_error']))} from luck"
        known = Cell(words.GRADES.get(str(row.get("evidence")), "not recorded"), str(row.get("note", "")))
        what = Cell(labels[-1], words.unit_words(unit))
        rows.append((what, Cell(form(published)), Cell(form(model), span + runs), Cell(texts[-1]), Cell(use), known))
    finding = (
        f"The model is within {words.percent(TOLERANCE)} of {kept} of {words.count_of(len(rows), 'published figure')}"
    )
    svg = picture(
        band_rows(labels, ratios, texts, TOLERANCE),
        "targets",
        finding,
        "Model divided by published figure, with the band of ten per cent.",
    )
    sentence = (
        "A filled dot lies in the grey band of ten per cent either way; a hollow dot does "
        "not. A figure used to set the model proves little by matching."
    )
    head = ("Target", "Published", "Model", "Difference", "How it is used", "How it is known")
    return Exhibit(finding, sentence, svg, Table("Published figures and the model's", head, tuple(rows)))


def _value(belief: dict[str, Any]) -> str:
    value = belief.get("value")
    if isinstance(value, dict):
        return f"{len(value)} values"
    if isinstance(value, int | float):
        unit = str(belief.get("unit", ""))
        if unit.startswith("GBP"):
            return f"{words.money(float(value))}{unit[3:]}"
        return (
            words.percent(float(value))
            if unit in ("share", "probability")
            else f"{_plain(float(value))} {unit}".strip()
        )
    return "not recorded" if value is None else str(value)


def _range(belief: dict[str, Any]) -> str:
    if belief.get("low") is None or belief.get("high") is None:
        return ""
    level = belief.get("level")
    chance = f", {round(float(level) * 100)} in 100 sure" if level and float(level) < 1 else ""
    multiplier = "all times " if isinstance(belief.get("value"), dict) else ""
    form = _plain if multiplier else words.formatter(str(belief.get("unit", "")))
    low, high = float(belief["low"]), float(belief["high"])
    return f"{multiplier}{form(low) if low >= 0 else _plain(low)} to {form(high)}{chance}"


def _plain(value: float) -> str:
    """A number with a minus sign where it needs one and no plus."""
    return f"{words.MINUS if value < 0 else ''}{words.number(value)}"
