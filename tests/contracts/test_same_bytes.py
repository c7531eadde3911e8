"""The same seed gives the same bytes: in another process, under another hash seed, after another run."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import numpy as np
import pytest
from engine_worlds import ROOT, digest_of, finished, inputs_of, place, population, world_of

HOUSEHOLDS = 400
_PRINT_DIGEST = f"""
from engine_worlds import digest_of, finished, inputs_of, world_of
print(digest_of(finished(world_of(inputs_of("whole_system", {HOUSEHOLDS}, draw=2), luck=3))))
"""


def _digest_elsewhere(hash_seed: str) -> str:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
    command = [sys.executable, "-c", _PRINT_DIGEST]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def digest() -> str:
    return digest_of(finished(world_of(inputs_of("whole_system", HOUSEHOLDS, draw=2), luck=3)))


@pytest.mark.parametrize("hash_seed", ["0", "12345"])
def test_another_process_and_hash_seed_give_the_same_bytes(hash_seed: str, digest: str) -> None:
    assert _digest_elsewhere(hash_seed) == digest


def test_a_second_run_gives_the_same_bytes(digest: str) -> None:
    finished(world_of(inputs_of("as_now", HOUSEHOLDS), luck=9))
    again = finished(world_of(inputs_of("whole_system", HOUSEHOLDS, draw=2), luck=3))
    assert digest_of(again) == digest


def test_no_global_random_state_is_touched_or_heeded(digest: str) -> None:
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    plain, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002
    world = finished(world_of(inputs_of("whole_system", HOUSEHOLDS, draw=2), luck=3))
    after = np.random.get_state()  # noqa: NPY002
    assert random.getstate() == plain
    assert after[2:] == legacy[2:]
    np.testing.assert_array_equal(after[1], legacy[1])
    assert digest_of(world) == digest


def test_mesas_own_generators_are_seeded_and_never_used() -> None:
    world = world_of(inputs_of("as_now", HOUSEHOLDS))
    plain, bits = world.random.getstate(), world.rng.bit_generator.state
    finished(world)
    assert world.random.getstate() == plain
    assert world.rng.bit_generator.state == bits


def test_a_run_leaves_its_inputs_and_its_people_as_they_were() -> None:
    inputs, people = inputs_of("whole_system", HOUSEHOLDS), population(HOUSEHOLDS)
    before = [inputs.lines.tobytes(), inputs.needs.tobytes(), inputs.planned.tobytes(), people.events.row.tobytes()]
    before += [values.tobytes() for values in inputs.monthly.values()]
    finished(world_of(inputs))
    after = [inputs.lines.tobytes(), inputs.needs.tobytes(), inputs.planned.tobytes(), people.events.row.tobytes()]
    after += [values.tobytes() for values in inputs.monthly.values()]
    assert before == after
    assert place(HOUSEHOLDS).n_households == HOUSEHOLDS


def test_the_digest_would_show_one_bit() -> None:
    world = finished(world_of(inputs_of("as_now", HOUSEHOLDS)))
    before = digest_of(world)
    world.world.households["pence"][HOUSEHOLDS // 2] ^= 1
    changed = digest_of(world)
    world.world.households["pence"][HOUSEHOLDS // 2] ^= 1
    world.record.door[-1, 0] += 1
    assert len({before, changed, digest_of(world)}) == 3
