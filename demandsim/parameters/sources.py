"""Where figures come from: each source once, in ``configs/sources.toml``.

Takes that file; gives `Source` by key. Never fetches anything.
"""

from __future__ import annotations

from pydantic import Field

from demandsim.parameters.belief import Entry


class Source(Entry):
    """A publication or data set that a belief, scenario or target cites by key."""

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    year: int | str
    licence: str = ""
    note: str = ""
    url: str = ""
    read: bool

    def cite(self) -> str:
        """One line for a reader."""
        return f"{self.publisher} ({self.year}), {self.title}" + ("" if self.read else " [cited, not read]")
