"""What counts in each cycle of a chain that is observed only at the ends of its cycles.

Takes a number of cycles; gives weights. Never looks at what is weighted.

References
----------
Elbasha, E. H. and Chhatwal, J. (2016), "Theoretical foundations and practical applications of within-cycle correction
methods", Medical Decision Making 36(1).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demandsim.errors import RequestError

Heavy = Literal["even", "odd"]


def simpson_weights(cycles: int, heavy: Heavy) -> NDArray[np.float64]:
    """Simpson's 1/3 rule over start and ends of cycles: 1/3 for the first and the last, 4/3 and 2/3 in turn between.

    Parameters
    ----------
    cycles : int
        Number of cycles, at least 1.
    heavy : {"even", "odd"}
        Whether 4/3 stands at the end of cycles 2, 4, … or of cycles 1, 3, …, the first cycle being 1. The rule itself
        says ``odd`` and asks for an even number of cycles; with an odd number neither choice is the rule, and the two
        give different answers. So there is no default.

    Returns
    -------
    numpy.ndarray, shape (cycles + 1,)

    Raises
    ------
    RequestError
        If there is no cycle, or `heavy` is neither.
    """
    if cycles < 1:
        raise RequestError(f"Weights within cycles need at least one cycle, not {cycles!r}.")
    if heavy not in ("even", "odd"):
        raise RequestError(f"The heavier cycles are the `even` or the `odd` ones, not `{heavy}`.")
    is_even = np.arange(cycles + 1) % 2 == 0
    weights = np.where(is_even == (heavy == "even"), 4.0 / 3.0, 2.0 / 3.0)
    weights[[0, -1]] = 1.0 / 3.0
    return weights
