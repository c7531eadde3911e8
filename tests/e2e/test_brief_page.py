"""The brief in a real browser: accessible, narrow, printable, silent on the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from principle_results import make_results as make_principles
from synthetic_account import write_made_up_page
from synthetic_appraisal import make_appraised
from synthetic_pages import brief_page, pockets_page
from synthetic_prediction import make_prediction
from synthetic_results import make_results

from demandsim.comparison.paired import compare
from demandsim.comparison.principles import compare_principles
from demandsim.report import write_appraisal
from demandsim.report.futures import read_futures, write_futures_page
from demandsim.report.prediction import judge, write_prediction_page
from demandsim.report.principles import write_principles
from demandsim.study.prediction import Actual

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        profile = tmp_path_factory.mktemp("profile")
        context = driver.chromium.launch_persistent_context(str(profile), executable_path=str(CHROMIUM), args=FLAGS)
        yield context
        context.close()


PAGES = ["wins", "unclear", "pockets", "no_payments", "appraisal", "principles", "account", "futures", "prediction"]


@pytest.fixture(scope="module", params=PAGES)
def brief(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "account":
        return write_made_up_page(tmp_path_factory.mktemp("account") / "account.html")
    if request.param == "futures":
        case = read_futures({name: make_results(name) for name in ("wins", "loses", "unclear")})
        return write_futures_page(case, tmp_path_factory.mktemp("futures") / "futures.html", "demandsim futures x")
    if request.param == "prediction":
        prediction = make_prediction()
        case = judge(prediction, [Actual("looked_after_stock", year, 61.0) for year in prediction.years], True)
        return write_prediction_page(case, tmp_path_factory.mktemp("prediction") / "prediction.html")
    if request.param == "appraisal":
        return write_appraisal(compare(make_appraised(), "earlier"), tmp_path_factory.mktemp("worth") / "worth.html")
    if request.param == "principles":
        effects = compare_principles(make_principles(lambda group, luck: len(group) * (luck - 1.5), orders=8))
        return write_principles(effects, tmp_path_factory.mktemp("principles") / "principles.html")
    pages = {"pockets": "wins", "no_payments": "unclear"}
    html = pockets_page(pages[request.param]) if request.param in pages else brief_page(request.param)
    path = tmp_path_factory.mktemp("brief") / f"{request.param}.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Any, brief: Path) -> Iterator[Any]:
    page = browser.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(brief.as_uri())
    yield page
    page.close()


def test_no_violations(page: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_asks_nothing_of_the_network(page: Any, brief: Path) -> None:
    assert [url for url in page.asked if not url.startswith("data:")] == [brief.as_uri()]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_never_scrolls_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_wide_tables_scroll_in_a_region_the_keyboard_reaches(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    regions = page.evaluate(
        "[...document.querySelectorAll('.scroll')]"
        ".map(e => [e.scrollWidth > e.clientWidth, e.tabIndex, e.getAttribute('role')])"
    )
    assert any(wide for wide, _, _ in regions)
    assert all(tab == 0 and role == "region" for _, tab, role in regions)


def test_the_skip_link_comes_first_and_works(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_words_in_charts_do_not_overlap(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    overlaps = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg => {
            const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent.trim(), t.getBoundingClientRect()])
                .filter(([text, b]) => text && b.width > 0);
            const hits = [];
            boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([two, b]) => {
                const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                const name = svg.getAttribute('aria-labelledby');
                if (w > 1 && h > 0.35 * Math.min(a.height, b.height)) hits.push(`${name}: ${one} / ${two}`);
            }));
            return hits;
        })"""
    )
    assert overlaps == []


def test_words_in_charts_stay_inside_their_picture(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    outside = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].map(t => [t.textContent.trim(), t.getBoundingClientRect()])
                .filter(([text, b]) => text && (b.left < frame.left - 2 || b.right > frame.right + 2))
                .map(([text]) => text);
        })"""
    )
    assert outside == []


def test_print_hides_navigation_and_shows_every_table(page: Any) -> None:
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    tables = page.locator("table")
    assert tables.count() > (10 if 'id="capacity"' in page.content() else 5)
    assert all(tables.nth(i).is_visible() for i in range(tables.count()))
