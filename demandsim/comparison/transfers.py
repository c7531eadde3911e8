"""The smallest payments between purses after which no purse is worse off, fixed before anyone knows how it turns out.

Takes what each purse loses in each run (present value); gives one schedule of payments that holds in a stated share
of the runs, or the statement that none does and what is missing. Never pays after the event: the same payments are
made in every run.

A schedule holds in a run when what each purse receives is at least what it loses there. To hold jointly in k of the
runs is a choice of k runs: each purse then needs its worst loss among them, purses whose worst is a gain can give up
to that gain, and the payments are the sum of what the losers need. `demandsim.comparison.choosing` chooses the runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from demandsim.comparison.choosing import MOST_NODES, choose_runs, rounding_of, total_needed
from demandsim.comparison.pockets import Frequency, count_frequency, runs_needed
from demandsim.errors import Fault, RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: Nobody could make these pay over what they gain: they may be made whole, never charged.
NEVER_PAY: Final = ("households",)
#: What is left of a payment under this share of the largest is rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Payment:
    """From one purse to another: present value in GBP, and the same as an equal amount each year."""

    payer: str
    receiver: str
    gbp: float
    gbp_a_year: float


@dataclass(frozen=True)
class Transfers:
    """The smallest payments that leave no purse worse off, or why there are none.

    Parameters
    ----------
    share : float
        In how large a share of the runs they must hold.
    is_joint : bool
        Whether all purses must be no worse off in the same runs, or each purse in its own.
    n_needed, n_runs : int
        What that share means: so many of so many runs.
    receives : dict of str to float
        Net present GBP by purse, below zero for those who pay; empty where no schedule was found.
    payments : tuple of Payment
        The same between pairs, largest with largest.
    total : float
        GBP paid over in all; NaN where no schedule was found.
    proved : float
        No schedule pays over less than this; equal to `total` where the answer is exact, NaN where there is none.
    held : Frequency or None
        Runs in which no purse is worse off after the payments.
    held_by : dict of str to int
        The same for each purse by itself.
    missing : float
        GBP that somebody from outside would have to add for a schedule to exist, 0 where one does.
    missing_proved : float
        No less than this would do; equal to `missing` where that is exact.
    """

    share: float
    is_joint: bool
    n_needed: int
    n_runs: int
    receives: dict[str, float]
    payments: tuple[Payment, ...]
    total: float
    proved: float
    held: Frequency | None
    held_by: dict[str, int]
    missing: float
    missing_proved: float

    @property
    def exist(self) -> bool:
        """Whether a schedule was found."""
        return bool(self.receives)

    def no_worse(self, losses: NDArray[np.float64]) -> NDArray[np.bool_]:
        """In which runs no purse is worse off after the payments, of these or of others.

        Parameters
        ----------
        losses : array, shape (purses, runs)
            Present GBP, purses in the order in which they were given; plus is a loss.
        """
        received = np.array(list(self.receives.values()))[:, None]
        small = rounding_of(losses) if losses.size else 0.0
        return np.asarray((losses <= received + small).all(axis=0))

    @property
    def is_exact(self) -> bool:
        """Whether what is said is proved to be the smallest, or proved not to exist."""
        if self.exist:
            return bool(self.total <= self.proved * (1 + 1e-6) + 0.01)
        return self.missing_proved > 0


def smallest_transfers(
    losses: NDArray[np.float64],
    names: Sequence[str],
    *,
    share: float = 0.8,
    is_joint: bool = True,
    annuity: float = 1.0,
    n_free: int | None = None,
    most_nodes: int = MOST_NODES,
) -> Transfers:
    """Find the smallest payments between purses that leave none worse off.

    Parameters
    ----------
    losses : array, shape (purses, runs)
        Present GBP; plus is a loss.
    names : sequence of str
        The purses. Those of `NEVER_PAY` may receive and never pay.
    share : float
        Above 0, at most 1.
    is_joint : bool
        All purses in the same runs, or each purse by itself.
    annuity : float
        Present worth of 1 GBP in each year of the horizon.
    n_free : int, optional
        Runs that are independent of one another; all by default.
    most_nodes : int
        Branches looked at in each search.

    Raises
    ------
    RequestError
        If there is no purse or run, a figure is missing, or the share has no meaning.
    """
    _check(losses, names, share)
    keeps = np.array([name in NEVER_PAY for name in names])
    losses = np.where(keeps[:, None], np.maximum(losses, 0.0), losses)
    # In an order of their own, so that the order in which runs came changes nothing, ties included.
    losses = losses[:, np.lexsort(losses)]
    k = runs_needed(share, losses.shape[1])
    floor = np.sort(losses, axis=1)[:, k - 1]
    needs, proved = choose_runs(losses, k, "total", most_nodes) if is_joint else (floor, total_needed(floor))
    small = rounding_of(losses)
    missing = missing_proved = 0.0
    if needs.sum() > small:
        if is_joint:
            needs, missing_proved = choose_runs(losses, k, "missing", most_nodes)
        missing = float(needs.sum())
        missing_proved = max(0.0, missing_proved) if is_joint else missing
    if missing > small:
        nothing = float("nan")
        return Transfers(
            share, is_joint, k, losses.shape[1], {}, (), nothing, nothing, None, {}, missing, missing_proved
        )
    receives = _share_out(needs)
    no_worse = losses <= receives[:, None] + small
    n_held, n_runs = int(no_worse.all(axis=0).sum()), losses.shape[1]
    named = dict(zip(names, receives.tolist(), strict=True))
    return Transfers(
        share=share,
        is_joint=is_joint,
        n_needed=k,
        n_runs=n_runs,
        receives=named,
        payments=settle(named, annuity),
        total=total_needed(needs),
        proved=proved,
        held=count_frequency(n_held, n_runs, n_free or n_runs),
        held_by=dict(zip(names, no_worse.sum(axis=1).tolist(), strict=True)),
        missing=0.0,
        missing_proved=0.0,
    )


def _check(losses: NDArray[np.float64], names: Sequence[str], share: float) -> None:
    faults = []
    if losses.ndim != 2 or 0 in losses.shape:
        faults.append(Fault("transfers", "there is no purse or no run."))
    elif len(names) != len(losses):
        faults.append(Fault("transfers", f"{len(names)} names were given for {len(losses)} purses."))
    if not np.isfinite(losses).all():
        faults.append(Fault("transfers", "a figure is missing.", "Leave failed runs out."))
    if not 0.0 < share <= 1.0:
        faults.append(Fault("transfers", f"a share of {share:g} of the runs has no meaning.", "Write 80% as 0.8."))
    if faults:
        raise RequestError(faults)


def settle(receives: dict[str, float], annuity: float = 1.0) -> tuple[Payment, ...]:
    """Turn net sums into payments between pairs: the largest payer pays the largest receiver, until all is paid."""
    open_sums = {name: gbp for name, gbp in receives.items() if gbp != 0.0}
    small = _ROUNDING * max((abs(gbp) for gbp in open_sums.values()), default=0.0)
    payments = []
    while open_sums:
        payer, receiver = min(open_sums, key=open_sums.__getitem__), max(open_sums, key=open_sums.__getitem__)
        gbp = min(-open_sums[payer], open_sums[receiver])
        if gbp <= small:
            break
        payments.append(Payment(payer, receiver, gbp, gbp / annuity))
        open_sums[payer] += gbp
        open_sums[receiver] -= gbp
    return tuple(payments)


def _share_out(needs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give losers what they need; the others pay it in proportion to what each gains for certain."""
    gain = np.maximum(-needs, 0.0)
    paid = total_needed(needs)
    return np.maximum(needs, 0.0) - (paid * gain / gain.sum() if paid else 0.0)
