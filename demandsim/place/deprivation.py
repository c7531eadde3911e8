"""How deprived an area is, beside the rest of England.

Takes a decile of the English indices (1 is the most deprived tenth of neighbourhoods), or a score and the scores
at which deciles part; gives a decile and its standard score. Never compares places with anything but England.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import Final

DECILES: Final = tuple(range(1, 11))
#: Labels of deciles in config files.
DECILE_KEYS: Final = tuple(f"decile_{decile}" for decile in DECILES)
#: Labels of the nine scores at which one decile ends and the next begins.
CUT_KEYS: Final = tuple(f"decile_{decile}_from" for decile in DECILES[:-1])


@cache
def deprivation_z(decile: int) -> float:
    """Mean normal score of a decile: 1.755 for decile 1, −1.755 for decile 10.

    The mean of a standard normal within its tenth, counted from the deprived end, so that England has mean 0.
    """
    normal = NormalDist()

    def density_at(share_above: float) -> float:
        return normal.pdf(normal.inv_cdf(share_above)) if 0.0 < share_above < 1.0 else 0.0

    n = len(DECILES)
    return n * (density_at(decile / n) - density_at((decile - 1) / n))


def decile_of_score(score: float, cuts: Sequence[float]) -> int:
    """Decile of a score, given the lowest scores of deciles 1 to 9 in falling order."""
    if math.isnan(score):
        raise ValueError("a score that is not a number has no decile")
    return len(DECILES) - bisect_right(sorted(cuts), score)
