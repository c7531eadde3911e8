"""The pages in ``docs`` say what configs and code say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demandsim.errors import RequestError
from demandsim.report.documents import COMMAND, fill_marked, fresh_documents, write_documents

ROOT = Path(__file__).resolve().parents[2]
DOCS, CONFIGS = ROOT / "docs", ROOT / "configs"
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def fresh() -> dict[str, str]:
    return fresh_documents(CONFIGS, DOCS)


def test_committed_pages_are_up_to_date(fresh: dict[str, str]) -> None:
    stale = [
        name for name, text in fresh.items() if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]
    assert not stale, f"{', '.join(stale)} in docs no longer say what configs and code say. Run: {COMMAND}"


def test_pages_made_by_hand_are_kept_and_only_their_marked_parts_filled(tmp_path: Path) -> None:
    page = tmp_path / "odd.md"
    page.write_text("Before.\n<!-- generated: calendar -->\nSTALE\n<!-- end of generated -->\nAfter.\n")
    written = {path.name for path in write_documents(CONFIGS, tmp_path)}
    text = page.read_text()
    assert {"odd.md", "parameters.md", "fit.md"} <= written
    assert text.startswith("Before.\n")
    assert text.endswith("\nAfter.\n")
    assert "needs move" in text
    assert "STALE" not in text
    assert write_documents(CONFIGS, tmp_path) == []


def test_a_marked_part_that_nothing_fills_is_a_fault() -> None:
    with pytest.raises(RequestError, match="no part `calender`"):
        fill_marked("<!-- generated: calender -->\n<!-- end of generated -->", CONFIGS)


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))):
        for found in LINK.finditer(page.read_text("utf-8")):
            target, _, anchor = (found[1] or found[2]).partition("#")
            if "://" in target:
                continue
            path = (page.parent / target) if target else page
            if not path.exists() or (anchor and anchor not in _anchors(path)):
                broken.append(f"{page.name}: {found[0]}")
    assert not broken, "\n".join(broken[:20])


def _anchors(path: Path) -> set[str]:
    """Headings as anchors, and anchors set by hand."""
    text = path.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)"', text))
