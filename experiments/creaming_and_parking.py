"""Whom does a provider take and whom does it leave, if it is paid for numbers or for progress? Two beliefs about help.

python experiments/creaming_and_parking.py --households 6000 --years 4 --draws 4
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.report.creaming import creaming_lines

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
PROVIDERS = {"providers_by_target": "numbers", "providers_by_progression": "progress"}
#: As stated; and help as good for everybody, strong enough to show, with all of the effort following pay.
BELIEFS: dict[str, dict[str, float]] = {
    "As believed": {},
    "If help were as good for everybody and all effort followed pay": {
        "effects.work_programme.hazard_ratio": 2.0,
        "effects.work_programme_ill_health.hazard_ratio": 2.0,
        "providers.follows_pay": 1.0,
    },
}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="hackney", help="id of a place in configs/places")
    words.add_argument("--households", type=int, default=20000, help="households to simulate")
    words.add_argument("--years", type=int, default=6)
    words.add_argument("--draws", type=int, default=8, help="sets of beliefs")
    words.add_argument("--seed", type=int, default=2016)
    words.add_argument("--workers", type=int, default=1)
    asked = words.parse_args()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    book, brief = ds.load_book(CONFIGS, place.fit_id), []
    for title, overrides in BELIEFS.items():
        held = book.with_overrides(overrides)
        names = ("as_now", *PROVIDERS)
        scenarios = [ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", held) for name in names]
        results = ds.run(
            place, held, scenarios,
            years=asked.years, draws=asked.draws, seed=asked.seed, households=asked.households, workers=asked.workers,
            keep=("work_pathways",), show_progress=True,
        )  # fmt: skip
        lines, said = creaming_lines(results, title, PROVIDERS)
        print("", *lines, sep="\n")
        brief.append(said)
    print("\nIn brief, people far from work, beside their part of those on the list and an even effort of 1:")
    print(*brief, sep="\n")
    print("Nobody is marked as easy or hard: both follow from what each person can be expected to bring in. A provider")
    print("paid for progress leaves the hardest only as far as its help is believed to do less for them.")


if __name__ == "__main__":
    ds.tell(main)
