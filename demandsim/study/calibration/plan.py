"""How large a calibration is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How large and how long a calibration runs.

    Attributes
    ----------
    households, run_in, years : int
        Households simulated, months before measuring, years measured.
    first, wave, last : int
        Runs of the first wave, of each later one, and of the weighted draws at the end.
    waves : int
        Waves before the weighted draws, the first among them.
    repeats : int
        Pairs of runs that differ in luck alone.
    rows : int
        Equally weighted draws that are written.
    cutoff : float
        Largest implausibility of any target that is kept.
    explored : int
        Points by which an emulator's space is searched.
    moves : int
        Moves of each chain towards the draws at the end.
    corrections : int
        Most times that draws are moved by what their runs missed, and run again.
    seed : int
    """

    households: int = 20_000
    run_in: int = 96
    years: int = 2
    first: int = 400
    wave: int = 200
    last: int = 300
    waves: int = 4
    repeats: int = 40
    rows: int = 200
    cutoff: float = 3.0
    explored: int = 500
    moves: int = 60
    corrections: int = 2
    seed: int = 1604


FULL = Sizes()
#: A borough has few figures of its own, on top of what England's left.
BOROUGH = Sizes(first=300, waves=2)
#: For a first look: the same steps, fewer and smaller runs, wider bands.
QUICK = Sizes(households=8_000, run_in=72, first=300, wave=120, last=160, waves=3, repeats=16, explored=300)
