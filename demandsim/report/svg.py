"""Matplotlib figures as accessible inline SVG: real text, one name, one description, no clash of ids, no date.

The same figure always gives the same bytes: ids come from a fixed salt and nothing of the day is written.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The Government Analysis Function's palette; on white each has at least 3 : 1. Labels are never in these colours.
NAVY: Final = "#12436D"
TEAL: Final = "#28A197"
PLUM: Final = "#801650"
ORANGE: Final = "#F46A25"
PALETTE: Final = (NAVY, TEAL, PLUM, ORANGE)
INK: Final = "#0b0c0c"
QUIET: Final = "#484c50"
GRID: Final = "#d5d8da"
PAPER: Final = "#ffffff"

#: Width of every chart in inches: text of 9 points then reads at about 14 pixels in the page's column.
WIDTH: Final = 6.4

_SETTINGS: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "demandsim",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.8,
    "axes.unicode_minus": True,
}


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw and save inside this: fonts, colours and ids are then fixed, whatever the user's own settings."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def new_figure(height: float, columns: int = 1, rows: int = 1, **options: Any) -> tuple[Figure, Any]:
    """A figure of the page's width with its axes; `height` in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def zero_line(axes: Axes) -> None:
    """Mark zero on a chart of differences, behind everything else."""
    axes.axvline(0, color=INK, linewidth=1, zorder=1)


def svg_text(figure: Figure, name: str, title: str, description: str) -> str:
    """Serialise a figure for inlining.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn inside `chart_style`.
    name : str
        Unique on the page; prefixes every id.
    title, description : str
        What a screen reader says: the finding, and what is drawn.

    Returns
    -------
    str
        An ``<svg role="img">`` element labelled by its own title and description.
    """
    buffer = StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    # The page's own style sheet holds what matplotlib's would say, which inlined would reach the whole page.
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.S)
    text = re.sub(r"\s*\n\s*", "\n", text)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', text)
    view = re.search(r'viewBox="([^"]+)"', text)
    assert view is not None, "matplotlib always writes a viewBox"
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{view[1]}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return opening + text[text.index(">") + 1 :].strip()
