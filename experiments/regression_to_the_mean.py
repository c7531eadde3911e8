"""Do the worst-off families cost less a year later though nobody helped? Before and after, beside a trial.

python experiments/regression_to_the_mean.py --place hackney --households 30000 --lucks 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.report.regression import looked_headline, looked_lines, write_looked
from demandsim.study.replay.regression import LookPlan, look_again

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="hackney", help="id of a place in configs/places")
    words.add_argument("--households", type=int, help="households to simulate; as many as the place has by default")
    words.add_argument("--lucks", type=int, default=12, help="runs of luck")
    words.add_argument("--share", type=float, default=0.015, help="of families with children, how many are chosen")
    words.add_argument("--seed", type=int, default=2012)
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/regression_to_the_mean"), help="folder of the page")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    plan = LookPlan(
        households=asked.households, lucks=asked.lucks, share=asked.share, seed=asked.seed, workers=asked.workers
    )
    found = look_again(asked.place, CONFIGS, plan)

    print("\n".join(looked_lines(found)))
    page = write_looked(found, asked.out / "regression_to_the_mean.html")
    print(f"\nIn brief: {looked_headline(found)}.")
    print(
        "So a count of costs before and after says nothing of what help does: families are counted first when they\n"
        "cost most. Only families with the same bad year and no help can tell, and they told of no effect."
    )
    print(f"The page: {page}")


if __name__ == "__main__":
    ds.tell(main)
