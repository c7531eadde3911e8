"""The brief as a document: its order, its figures, its pictures, and that it asks nothing of anybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import xarray as xr
from synthetic_pages import brief_page
from synthetic_results import make_cases, make_results
from synthetic_words import make_meta

from demandsim.comparison.paired import compare
from demandsim.errors import RequestError
from demandsim.report import write_brief
from demandsim.report.brief import render_brief
from demandsim.report.rendering import keep_whole
from demandsim.report.sections.case import Case
from demandsim.report.svg import GRID, INK, PALETTE, PAPER, QUIET

ORDER = [
    "question",
    "answer",
    "compared",
    "cost",
    "capacity",
    "outcomes",
    "door",
    "waits",
    "tiers",
    "pockets",
    "causes",
    "footing",
    "beliefs",
    "assumption",
    "unexplained",
    "not-known",
    "reproduce",
]


class Page(HTMLParser):
    """What a brief is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append((tag, named))
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def said(self) -> str:
        """All text, with the invisible joiners taken out."""
        return " ".join(" ".join(self.text).replace("\N{WORD JOINER}", "").split())


@pytest.fixture(scope="module", params=["wins", "loses", "unclear"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def html(flavour: str) -> str:
    return brief_page(flavour)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_each_flavour_gets_its_own_answer(flavour: str, page: Page) -> None:
    said = page.said()
    expected = {
        "wins": "It costs less and people are better off",
        "loses": "It costs more and changes time in crisis too little to matter",
        "unclear": "We cannot tell: it could cost more or less, and people could be better or worse off",
    }
    assert f"The answer {expected[flavour]}" in said
    others = [text for name, text in expected.items() if name != flavour]
    assert not any(text in said for text in others)


def test_sections_come_in_the_readers_order(page: Page) -> None:
    assert [named["id"] for tag, named in page.tags if tag == "section"] == ORDER


def test_headings_never_skip_a_level(page: Page) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


def test_ids_are_unique_and_every_reference_is_met(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    wanted = {ref for _, named in page.tags for ref in str(named.get("aria-labelledby") or "").split()}
    wanted |= {str(n["href"])[1:] for _, n in page.tags if str(n.get("href", "")).startswith("#")}
    wanted |= {str(n["xlink:href"])[1:] for _, n in page.tags if n.get("xlink:href")}
    wanted |= {
        clip for _, n in page.tags for clip in re.findall(r"url\(#([^)]+)\)", f"{n.get('clip-path')} {n.get('style')}")
    }
    assert wanted <= set(page.ids)


def test_every_chart_is_a_named_picture_with_a_table_beside_it(html: str, page: Page) -> None:
    charts = [named for tag, named in page.tags if tag == "svg"]
    assert len(charts) == 16
    for named in charts:
        assert named["role"] == "img"
        title, description = str(named["aria-labelledby"]).split()
        assert re.search(rf'<title id="{title}">[^<]{{8,}}</title><desc id="{description}">[^<]{{20,}}</desc>', html)
    for block in html.split('<div class="exhibit">')[1:]:
        assert "<table>" in block
    assert html.count("<caption") == html.count("<table>")


def test_tables_have_scopes(page: Page) -> None:
    scopes = {named.get("scope") for tag, named in page.tags if tag == "th"}
    assert scopes == {"col", "row"}


def test_it_is_self_contained_and_dateless(html: str, page: Page) -> None:
    assert not [tag for tag, _ in page.tags if tag in ("script", "img", "iframe", "object")]
    addresses = re.findall(r'(?:src|href)="(?!#|data:)([^"]*)"', html)
    assert addresses == []
    assert "@import" not in html
    assert "dc:date" not in html
    assert "<metadata" not in html


def test_same_results_same_bytes() -> None:
    again = render_brief(compare(make_results("unclear"), "whole_system"), make_cases("unclear"))
    assert again == brief_page("unclear")


def test_no_jargon(page: Page) -> None:
    said = page.said()
    for word in (
        "confidence interval",
        r"\bCI\b",
        "p-value",
        "quantile",
        "percentile",
        "stochastic",
        r"\bnan\b",
        "null hypothesis",
    ):
        assert not re.search(word, said, re.I if word.islower() else 0), word


def test_figures_carry_interval_and_runs(page: Page) -> None:
    said = page.said()
    cash = compare(make_results("wins"), "whole_system").cost.total()
    assert "nine in ten of 20 runs" in said
    assert cash.n_runs == 20
    assert "not replayed" in said
    assert "Waits are assumed except" in said


def test_written_whole_into_a_new_folder(tmp_path: Path) -> None:
    results = make_results("wins", draws=4, years=3)
    path = write_brief(results, tmp_path / "new" / "brief.html")
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [p.name for p in path.parent.iterdir()] == ["brief.html"]
    by_comparison = write_brief(compare(results, "whole_system"), tmp_path / "again.html")
    assert by_comparison.read_bytes() == path.read_bytes()


def test_a_path_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RequestError, match="could not be written"):
        write_brief(make_results("wins", draws=4, years=2), tmp_path / "file" / "brief.html")


def said_of(results: xr.Dataset, **options: object) -> str:
    return Page(render_brief(compare(results, "whole_system"), **options)).said()  # type: ignore[arg-type]


def test_what_is_missing_is_said_not_hidden() -> None:
    bare = make_results("wins", draws=4, replicates=1, years=2).drop_vars(["cause_effect", "concentration", "reason"])
    bare.attrs = {}
    said = said_of(bare)
    for text in (
        "Nobody has yet run this with the unmeasured mechanisms",
        "not recorded",
        "No beliefs came with these results",
        "No study of which beliefs matter most",
        "No table of targets",
        "nothing to show against",
        "cannot be separated",
    ):
        assert text in said, text


def test_everyday_services_are_a_kind_of_spending_of_their_own() -> None:
    import json

    results = make_results()
    meta = json.loads(results.attrs["meta"])
    meta["streams"] = {"parking": {"title": "Parking"}}
    results.attrs["meta"] = json.dumps(meta)
    case = Case(compare(results, "whole_system"))
    assert {case.kind(f"parking_{part}") for part in ("work", "contact", "income")} == {
        "Everyday services, less their income"
    }
    assert case.kind("emergency_care") == "Cost of living with need"


def test_failed_runs_are_told() -> None:
    said = said_of(make_results("wins", draws=4, years=2, failed=2))
    assert "2 runs failed and are left out of every figure below. Reasons given: worker was killed." in said


def test_titles_from_configs_cannot_break_the_page() -> None:
    import json

    results = make_results("wins", draws=4, years=2)
    meta = make_meta()
    meta["scenarios"]["whole_system"]["title"] = "<script>alert(1)</script> & more"
    results.attrs["meta"] = json.dumps(meta)
    html = render_brief(compare(results, "whole_system"))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("draws", [1, 3])
def test_few_runs_still_make_a_page(draws: int) -> None:
    said = said_of(make_results("wins", draws=draws, replicates=1, years=1))
    assert "Too few runs to tell" in said


def test_figures_are_kept_whole() -> None:
    assert keep_whole("1 to 2") == "1 to\N{NO-BREAK SPACE}2"
    assert keep_whole("£1.2 million") == "£1.2\N{NO-BREAK SPACE}million"
    assert keep_whole("\N{MINUS SIGN}£3") == "\N{MINUS SIGN}\N{WORD JOINER}£3"


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_palette_contrast() -> None:
    assert all(contrast(colour, PAPER) >= 3 for colour in PALETTE)
    assert contrast(INK, PAPER) >= 7
    assert contrast(QUIET, PAPER) >= 4.5
    assert contrast(INK, GRID) >= 4.5


def test_chart_words_are_never_in_palette_colours(html: str) -> None:
    fills = set(re.findall(r"<text style=\"[^\"]*fill: (#[0-9a-f]{6})", html))
    assert fills
    assert fills <= {INK, QUIET}
