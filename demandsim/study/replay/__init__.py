"""Published studies run again inside the model, and hazard ratios solved from them.

Takes ``configs/replays.toml``, England as now and published figures; gives ``configs/fitted/effects.toml``. Also the
oldest trap of the field: the worst-off look better a year later whatever is done for them.
"""

from demandsim.study.replay.checking import check_replays
from demandsim.study.replay.effects import ReplayPlan, fit_effects
from demandsim.study.replay.studies import load_replays

__all__ = ["ReplayPlan", "check_replays", "fit_effects", "load_replays"]
