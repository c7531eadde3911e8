"""Which futures a study is run under: those of its configs, or those asked for."""

from __future__ import annotations

from collections.abc import Sequence

from demandsim.errors import RequestError
from demandsim.parameters.reading import did_you_mean
from demandsim.study.config import Study
from demandsim.study.folders import list_ids

#: The future that others are told beside, where there is one of that name.
FIRST = "steady"


def list_futures(study: Study, names: Sequence[str] | None = None) -> list[str]:
    """Ids of the futures to run a study under, the steady one first.

    Parameters
    ----------
    study : Study
    names : sequence of str, optional
        Only these, in this order.

    Raises
    ------
    RequestError
        If one asked for is not there or asked for twice, or fewer than two are left to compare.
    """
    known = sorted(list_ids(study.configs, "futures"), key=lambda name: (name != FIRST, name))
    chosen = list(names) if names else known
    for name in chosen:
        if name not in known:
            remedy = did_you_mean(name, known) or f"There are: {', '.join(known) or 'none'}."
            raise RequestError(f"There is no future `{name}`. {remedy}")
        if chosen.count(name) > 1:
            raise RequestError(f"The future `{name}` is asked for twice.")
    if len(chosen) < 2:
        raise RequestError("Robustness needs at least two futures. Write more in configs/futures, or ask for more.")
    return chosen
