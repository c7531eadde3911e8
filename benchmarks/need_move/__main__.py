"""Nanoseconds per household-month of the need move in each form, and their ratios.

``python -m benchmarks.need_move``
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.common import MONTHS, in_turns
from benchmarks.need_move import own, plain_c, plain_mesa
from benchmarks.need_move.start import Start, build_start


def main() -> None:
    """Check that all forms agree, then time them in turns."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--households", type=int, default=100_000, help="households of the compiled forms")
    asked.add_argument("--mesa-households", type=int, default=2_000)
    asked.add_argument("--mesa-months", type=int, default=12)
    asked.add_argument("--repeats", type=int, default=5)
    options = asked.parse_args()
    large = build_start(options.households, MONTHS)
    small = build_start(options.mesa_households, options.mesa_months)
    forms = {"own kernel": lambda: own.prepare(large)}
    if plain_c.is_available():
        forms["C, every hazard worked out"] = lambda: plain_c.prepare_plain(large)
        forms["C, same cached-bound screen"] = lambda: plain_c.prepare_screened(large)
    check(large, small)
    forms["plain Mesa"] = lambda: plain_mesa.prepare(small)
    seconds = dict(zip(forms, in_turns(list(forms.values()), options.repeats), strict=True))
    per = {name: 1e9 * time / _household_months(small if "Mesa" in name else large) for name, time in seconds.items()}
    for name, nanoseconds in per.items():
        print(f"{name:30s} {nanoseconds:10.1f} ns a household-month")
    mine = per["own kernel"]
    for name, nanoseconds in per.items():
        if name.startswith("C"):
            print(f"own / ({name}): {mine / nanoseconds:.2f}")
    print(f"plain Mesa / own: {per['plain Mesa'] / mine:.0f}")


def check(large: Start, small: Start) -> None:
    """All forms count the same households by need and state, month by month."""
    counts = own.prepare(large)()
    if plain_c.is_available():
        for prepare in (plain_c.prepare_plain, plain_c.prepare_screened):
            np.testing.assert_array_equal(counts, prepare(large)(), err_msg=prepare.__name__)
    else:
        print("No gcc here: the C forms are left out.")
    np.testing.assert_array_equal(own.prepare(small)(), plain_mesa.prepare(small)(), err_msg="plain Mesa")
    print(f"all forms agree month by month ({large.n_households:,} households, {large.months} months)")


def _household_months(start: Start) -> int:
    return start.n_households * start.months


if __name__ == "__main__":
    main()
