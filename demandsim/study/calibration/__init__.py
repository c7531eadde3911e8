"""Calibration: which beliefs go together, given what a place has published.

Waves of runs, emulators with an error found by leaving runs out, what is implausible cut away, weighted draws at the
end; written as rows of quantiles that every study of the place then draws from.
"""

from demandsim.study.calibration.calibrating import calibrate_place, sizes_of
from demandsim.study.calibration.plan import Sizes

__all__ = ["Sizes", "calibrate_place", "sizes_of"]
