"""Which lucks a footing study runs, and the few figures kept of each.

Every set of beliefs meets people of its own, so that three parts of the spread between runs can be told apart: the same
beliefs and people with another luck, and the same beliefs with other people and another luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from demandsim.ledger.store import Arrays

#: Replicates of a set of beliefs: by itself, with another luck, and with other people and another luck.
BASE, OTHER_LUCK, OTHER_PEOPLE = range(3)
REPLICATES: Final = 3
#: One set of beliefs in so many is run again: at least so many where there are as many, and at most so many.
_ONE_IN, _FEWEST, _MOST = 4, 8, 48


@dataclass(frozen=True)
class FootingDesign:
    """How large a footing study is.

    Parameters
    ----------
    draws : int
        Sets of beliefs; 0 for no such study.
    households : int
        Households simulated of the place, always that small, so that there can be many sets of beliefs.
    """

    draws: int = 0
    households: int = 2_000

    @property
    def case(self) -> str:
        """Name under which its lucks are kept: those of another size are others."""
        return f"footing_{self.households}"

    @property
    def n_again(self) -> int:
        """Sets of beliefs that are run again."""
        return min(self.draws, max(_FEWEST, min(self.draws // _ONE_IN, _MOST)))

    @property
    def lucks(self) -> list[tuple[str, int, int]]:
        """Case, draw and replicate of each luck."""
        base = [(self.case, draw, BASE) for draw in range(self.draws)]
        again = [(self.case, draw, kind) for draw in range(self.n_again) for kind in (OTHER_LUCK, OTHER_PEOPLE)]
        return base + again

    def place_seed(self, seed: int, draw: int, replicate: int) -> int:
        """Seed of the people of a luck: other people for every set of beliefs."""
        return seed + 1 + 2 * draw + int(replicate == OTHER_PEOPLE)


NO_FOOTING: Final = FootingDesign()


def keep_totals(arrays: Arrays, coords: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Of what a luck yields, cash by payer (scenario, payer) and months in crisis (scenario,), over all years."""
    cash = arrays["cost"][:, list(coords["account"]).index("cash")].sum(axis=(2, 3))
    crisis = arrays["state_months"][:, :, :, list(coords["state"]).index("crisis")]
    return {"cash": np.asarray(cash, np.float64), "crisis_months": crisis.reshape(len(crisis), -1).sum(axis=1)}
