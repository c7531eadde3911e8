"""Markdown made of plain parts: headings, tables, links. The same parts always give the same text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

#: Said at the head of every page that no hand wrote.
WRITTEN: Final = "*Written by `demandsim docs` from the configs and the code; change those, not this page.*"


def page(title: str, *parts: str) -> str:
    """A generated page: its title, the notice, and its parts with a blank line between them."""
    return "\n\n".join([f"# {title}", WRITTEN, *(part for part in parts if part)]) + "\n"


def heading(text: str, level: int = 2) -> str:
    """A heading."""
    return f"{'#' * level} {text}"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; empty text where there is no row."""
    lines = [_line(row) for row in rows]
    if not lines:
        return ""
    return "\n".join([_line(headings), "|" + " --- |" * len(headings), *lines])


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)


def code(text: str) -> str:
    """A name as it is written in configs and code."""
    return f"`{text}`"


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"


def _cell(text: str) -> str:
    """Text that cannot break out of its cell."""
    return " ".join(text.replace("|", "\\|").split())
