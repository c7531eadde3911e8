"""What is found out about principles: each one's part, each pair's, and the orders.

Holds figures only; `demandsim.comparison.principles` works them out.
"""

from __future__ import annotations

from dataclasses import dataclass

from demandsim.comparison.estimate import Estimate


@dataclass(frozen=True)
class Contribution:
    """What one principle adds to one measure.

    Attributes
    ----------
    letter, title : str
    step : Estimate
        Added when it is taken up after those before it in the report's order.
    reached : Estimate
        All of them together, up to this one.
    fair : Estimate
        Its Shapley value: added on average over the orders in which it may be taken up.
    order_error : float
        Standard error of ``fair`` from having sampled orders; 0 where all were counted.
    """

    letter: str
    title: str
    step: Estimate
    reached: Estimate
    fair: Estimate
    order_error: float


@dataclass(frozen=True)
class Synergy:
    """What two principles do together beyond the sum of the two.

    Attributes
    ----------
    one, other : str
    alone : Estimate
        With no other principle in place.
    on_top : Estimate
        With all the others in place.
    extra : Estimate
        Averaged over what else is in place (the Shapley interaction index) where every combination was run; midway
        between `alone` and `on_top` where not, which is the same as long as no more than three work together.
    """

    one: str
    other: str
    alone: Estimate
    on_top: Estimate
    extra: Estimate


@dataclass(frozen=True)
class OrderFinding:
    """Which orders do better than the report's, by the mean of what is gained after each stage.

    Attributes
    ----------
    report : Estimate
        Value of the report's order.
    best : tuple of str
        The best order on the mean of all lucks, of all there are or of those sampled; the report's own where none is
        better.
    gain : Estimate
        Value of the best order less the report's, on the lucks by which it was chosen: it flatters itself.
    gain_elsewhere : Estimate
        The same, each luck judging the order chosen by the others; no figure with one luck.
    n_orders : int
        Orders looked at.
    share_better, share_error : float
        Of which better than the report's on the mean of all lucks, with the error of looking at so many.
    share_low, share_high : float
        The same, luck by luck: least and most.
    share_clear : float
        Of which better beyond what chance would make of so few draws; of orders that are no better, one in forty is.
    is_exact : bool
        Whether the best was sought among all orders.
    """

    report: Estimate
    best: tuple[str, ...]
    gain: Estimate
    gain_elsewhere: Estimate
    n_orders: int
    share_better: float
    share_error: float
    share_low: float
    share_high: float
    share_clear: float
    is_exact: bool
