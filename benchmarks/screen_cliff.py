"""The cliff: what a month costs with the screen, without it, and one face at a time; and whether the screen is wide.

``python -m benchmarks.screen_cliff``. All ways step the same month of the same world and end in the same world,
which is checked. A branch or a table look-up in the screen would take it out of the vector registers: the ratio of
the screen to its draws alone, about 1 to 2, would jump to 4 or more.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

from benchmarks.common import SEED, england, in_turns, inputs_of, people_of
from demandsim.chance import philox
from demandsim.model import kernels as step_module
from demandsim.model.agents import Household
from demandsim.model.calendar import step_all_households
from demandsim.model.demand_model import DemandModel

SCREEN = step_module._screen
CHUNK = step_module.CHUNK


def main() -> None:
    """Time the ways in turns and print their ratios."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--households", type=int, default=100_000)
    asked.add_argument("--faces", type=int, default=2_000, help="households of the world stepped by its faces")
    asked.add_argument("--months", type=int, default=24, help="months lived before the month that is timed")
    asked.add_argument("--repeats", type=int, default=7)
    options = asked.parse_args()
    large, small = Scene(options.households, options.months), Scene(options.faces, options.months)
    assert large.digest_after(True) == large.digest_after(False), "the screen changes the result"
    assert small.digest_after(True) == small.digest_after(None), "faces and the monthly pass differ"
    ways = {
        "screened": (lambda: large.ready(True), large),
        "unscreened": (lambda: large.ready(False), large),
        "faces, one by one": (lambda: small.ready(None), small),
        "screen alone": (lambda: lambda: screen_alone(*large.screen_arguments()), large),
        "its draws alone": (lambda: lambda: draws_alone(*large.draw_arguments()), large),
    }
    seconds = in_turns([way for way, _ in ways.values()], options.repeats)
    per = {
        name: 1e9 * time / scene.n for (name, (_, scene)), time in zip(ways.items(), seconds, strict=True)
    }  # fmt: skip
    for name, nanoseconds in per.items():
        print(f"{name:20s} {nanoseconds:10.1f} ns a household-month")
    print(f"unscreened / screened: {per['unscreened'] / per['screened']:.1f}")
    print(f"faces / screened: {per['faces, one by one'] / per['screened']:.0f}")
    print(f"screen / its draws: {per['screen alone'] / per['its draws alone']:.2f}")


@dataclass
class Scene:
    """A world some months in, which can be put back to where it was."""

    n: int
    months: int

    def __post_init__(self) -> None:
        self.model = DemandModel(inputs_of(self.n), people_of(self.n), england().deprivation_z, SEED)
        for _ in range(self.months):
            self.model.step()
        self.kept = [array.copy() for array in self.model.world]
        self.cases = self.model.cases.copy()
        # the first run after a restore must find its bounds as a running world would
        self.ready(True)

    def ready(self, is_screened: bool | None) -> Callable[[], None]:
        """Put the world back; return the month by the bulk pass, or by faces if None."""
        for array, kept in zip(self.model.world, self.kept, strict=True):
            array[...] = kept
        self.model.cases = self.cases.copy()
        if is_screened is None:
            faces = [self.model.household(row) for row in range(self.n)]
            return lambda: _step_faces(faces)
        self.model.is_screened = is_screened
        return lambda: step_all_households(self.model)

    def digest_after(self, is_screened: bool | None) -> bytes:
        """The households after the month."""
        self.ready(is_screened)()
        return self.model.world.households["history"].tobytes() + self.model.world.households["state"].tobytes()

    def screen_arguments(self) -> tuple[object, ...]:
        """Arguments of the screen alone."""
        world, now = self.model.world, self.model.now[0]
        return world.low, world.high, world.occupant, int(now["month"]), now["k0"], now["k1"]

    def draw_arguments(self) -> tuple[object, ...]:
        """Arguments of the draws alone."""
        return self.screen_arguments()[2:]


def _step_faces(faces: list[Household]) -> None:
    for face in faces:
        face.step()


@njit
def screen_alone(low, high, occupant, month, k0, k1):  # type: ignore[no-untyped-def]
    """The screen of every household; the number it lets through."""
    masks = np.zeros(CHUNK, np.uint8)
    n = occupant.shape[0]
    hits = 0
    for first in range(0, n, CHUNK):
        last = min(n, first + CHUNK)
        SCREEN(low, high, occupant, first, last, month, k0, k1, masks)
        hits += masks[0]
    return hits


@njit
def draws_alone(occupant, month, k0, k1):  # type: ignore[no-untyped-def]
    """Both blocks of every household, folded together."""
    when = np.uint32(month)
    folded = np.uint32(0)
    for row in range(occupant.shape[0]):
        who = np.uint32(occupant[row])
        w0, w1, w2, w3 = philox(np.uint32(row), when, np.uint32(0), who, k0, k1)
        w4, w5, w6, w7 = philox(np.uint32(row), when, np.uint32(1), who, k0, k1)
        folded ^= w0 ^ w1 ^ w2 ^ w3 ^ w4 ^ w5 ^ w6 ^ w7
    return folded


if __name__ == "__main__":
    main()
