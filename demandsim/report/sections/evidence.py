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

#: A modelled figure this near to its target counts as a match.
TOLERANCE = 0.10


def beliefs(case: Case) -> Section:
    """The ten beliefs that move the answer most, and how well they are known."""
    heading = "The ten beliefs that matter most"
    ranking = sorted(case.meta.belief_ranking, key=lambda item: -abs(float(item["strength"])))[:10]
    if not ranking:
        return Section("beliefs", heading, ("No study of which beliefs matter most came with these results.",))
    known = [case.meta.belief(str(item["name"])) for item in ranking]
    grades = [
        str(item.get("evidence") or belief.get("evidence") or "assumed")
        for item, belief in zip(ranking, known, strict=True)
    ]
    labels = [
        str(belief.get("meaning") or readable(str(item["name"]))) for item, belief in zip(ranking, known, strict=True)
    ]
    strengths = [float(item["strength"]) for item in ranking]
    finding = _weakness(grades)
    measure = str(ranking[0].get("measure", "Strength: 0 is not at all, 1 is entirely"))
    svg = picture(
        draw_beliefs(labels, strengths, grades, measure),
        "beliefs",
        finding,
        "A bar for each belief, patterned by how well it is known.",
    )
    rows = tuple(
        (
            Cell(label, str(item["name"])),
            Cell(_value(belief), _range(belief)),
            Cell(words.GRADES.get(grade, grade)),
            Cell(str(belief.get("source", "not recorded"))),
            Cell(f"{abs(strength):.2f}", _way(strength)),
        )
        for label, item, belief, grade, strength in zip(labels, ranking, known, grades, strengths, strict=True)
    )
    head = ("Belief", "What we believe", "How it is known", "Source", "Strength")
    runs = words.with_runs(int(ranking[0]["runs"])) if "runs" in ranking[0] else "the runs of this study"
    table = Table(f"The beliefs whose uncertainty moves the total cost most, from {runs}", head, rows)
    sentence = "The longer the bar, the more the answer would change if we learnt that we are wrong about it."
    return Section("beliefs", heading, exhibits=(Exhibit(finding, sentence, svg, table),))


def _weakness(grades: list[str]) -> str:
    weak = grades.count("assumed")
    if weak <= 1:
        return f"{'None' if weak == 0 else 'One'} of the {len(grades)} beliefs that matter most is assumed"
    return f"{weak} of the {len(grades)} beliefs that matter most are assumed: nobody has measured them"


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
    finding = f"{unreplayed} of {words.count_of(n, 'effect')} {'is' if unreplayed == 1 else 'are'} not replayed"
    rows = tuple(
        (
            Cell(str(effect.get("title") or readable(name))),
            Cell(str(effect.get("published", "none"))),
            Cell(_hazards(effect.get("hazard_ratio", {}))),
            Cell("replayed" if effect.get("replayed") else "not replayed"),
            Cell(words.GRADES.get(str(effect.get("evidence")), "not recorded")),
        )
        for name, effect in case.meta.effects.items()
    )
    sentence = (
        "A study is replayed when the model, run as the study was, gives the study's own "
        "result. Where that has not been "
        "done, the strength used in the model was set cautiously by hand from the published figure."
    )
    head = ("Effect", "As published", "Strength in the model", "Replayed", "How it is known")
    return Exhibit(
        finding, sentence, "", Table("Every effect of a service; × 1 does nothing", head, rows, is_folded=True)
    )


def _hazards(ratios: dict[str, float]) -> str:
    return "; ".join(f"{readable(move).lower()} × {float(ratio):.2f}" for move, ratio in ratios.items()) or "none"


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


def _way(strength: float) -> str:
    return "higher means dearer" if strength > 0 else "higher means cheaper"
