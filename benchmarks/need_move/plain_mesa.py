"""The same rule as Mesa is usually written: one agent a household, Python attributes, one ``step`` a month.

Draws are worked out beforehand at the project's addresses and handed out one by one by ``next``, which costs
about what ``random.random()`` does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import mesa
import numpy as np
from numpy.typing import NDArray

from benchmarks.common import SEED
from benchmarks.need_move.start import LUCK, Start, empty_history
from demandsim.chance import draw_uniforms
from demandsim.labels import CRISIS, N_NEEDS, N_STATES


class Household(mesa.Agent):  # type: ignore[misc]
    """A household and its seven needs."""

    def __init__(self, model: NeedMove, record: np.void, exposure: list[float]) -> None:
        super().__init__(model)
        self.deprivation = float(record["deprivation"])
        self.log_frailty = float(record["log_frailty"])
        self.exposure = exposure
        self.state: list[int] = record["state"].tolist()
        self.since: list[int] = record["since"].tolist()
        self.has_recovered = [False] * N_NEEDS

    def step(self) -> None:
        """All needs move on the states at the start of the month."""
        rule, month = self.model, self.model.month
        coupling = [0.0] * N_NEEDS
        for cause, state in enumerate(self.state):
            if state > 0:
                ratios = rule.log_coupling[cause][state]
                for effect in range(N_NEEDS):
                    coupling[effect] += ratios[effect]
        after = [self.moved(need, coupling[need]) for need in range(N_NEEDS)]
        for need, state in enumerate(after):
            before = self.state[need]
            if state != before:
                rule.counts[need][before] -= 1
                rule.counts[need][state] += 1
                self.state[need] = state
                self.since[need] = month
                if state == 0:
                    self.has_recovered[need] = True

    def moved(self, need: int, coupling: float) -> int:
        """State of one need after the month."""
        rule, state = self.model, self.state[need]
        uniform = next(rule.uniforms)
        months = rule.month - self.since[need]
        crisis = up = down = leave = 0.0
        rise = self.exposure[need] * rule.shock[need]
        if state < CRISIS and rise > 0.0:
            scale = rise * math.exp(
                rule.gradient[need][state] * self.deprivation + rule.frailty[need][state] * self.log_frailty + coupling
            )
            if state == 0 and self.has_recovered[need] and months < rule.relapse_window:
                scale *= rule.relapse[need]
            crisis = rule.sudden[need][state] * scale
            up = rule.up[need][state] * (1.0 if rule.is_clock[need][state] else scale)
        if state > 0:
            held = rule.recovery_exponent * coupling
            if months > 0:
                held += rule.duration[need] * math.log1p(months / 12.0)
            fall = math.exp(-held)
            down = rule.down[need][state] * fall
            leave = rule.exit[need][state] * fall
        if uniform >= crisis + up and 1.0 - uniform >= down + leave:
            return state  # 1 − exp(−hazard) is below the hazard
        total = crisis + up + down + leave
        share = -math.expm1(-total) / total
        if uniform < share * crisis:
            return CRISIS
        if uniform < share * (crisis + up):
            return state + 1
        if 1.0 - uniform < share * leave:
            return int(rule.exit_to[need][state])
        if 1.0 - uniform < share * (leave + down):
            return state - 1
        return state


class NeedMove(mesa.Model):  # type: ignore[misc]
    """All households of a start, month by month."""

    def __init__(self, start: Start) -> None:
        super().__init__(rng=SEED)
        for name in (
            "up", "sudden", "down", "exit", "exit_to", "is_clock", "gradient", "frailty", "duration", "relapse",
            "log_coupling",
            "relapse_window", "recovery_exponent",
        ):  # fmt: skip
            setattr(self, name, start.needs[name][0].tolist())
        self.month = 0
        self.shock: list[float] = []
        self.uniforms: Iterator[float] = iter(())
        self.counts = start.counts.tolist()
        for record, exposure in zip(start.households, start.exposure.tolist(), strict=True):
            Household(self, record, exposure)

    def step(self) -> None:
        """One month."""
        self.agents.do("step")
        self.month += 1


def prepare(start: Start) -> Callable[[], NDArray[np.int64]]:
    """Set a run up, its draws included; the run gives counts by month, need and state."""
    if len(set(start.households["occupant"].tolist())) != 1:
        raise ValueError("The draws are worked out for one occupant number.")
    model = NeedMove(start)
    draws = [_uniforms(start, month) for month in range(start.months)]
    history = empty_history(start)

    def run() -> NDArray[np.int64]:
        for month in range(start.months):
            model.shock = start.shocks[:, month].tolist()
            model.uniforms = iter(draws[month])
            model.step()
            history[month] = model.counts
        mesa.Agent._ids.pop(model, None)  # Mesa would keep every model of the process alive
        return history

    return run


def _uniforms(start: Start, month: int) -> list[float]:
    """A month's draws in the order in which they are asked for: household by household, need by need."""
    rows = np.arange(start.n_households)
    occupant = int(start.households["occupant"][0])
    key = np.uint32(SEED), np.uint32(LUCK)
    by_need = [draw_uniforms(*key, rows, month, occupant, need) for need in range(N_NEEDS)]
    return np.stack(by_need, axis=1).ravel().tolist()


assert N_STATES == CRISIS + 1
