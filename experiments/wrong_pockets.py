"""Does whoever pays gain? One place, council help into work and the whole system: who would act, and who must be paid.

python experiments/wrong_pockets.py --place demo --draws 8
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.comparison.meta import readable
from demandsim.report.words import money, signed, signed_range

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="demo", help="id of a place in configs/places")
    words.add_argument("--households", type=int, help="households to simulate; as many as the place has by default")
    words.add_argument("--years", type=int, default=10)
    words.add_argument("--draws", type=int, default=8, help="sets of beliefs")
    words.add_argument("--seed", type=int, default=2016)
    words.add_argument("--run-in", type=int, default=96, help="months run before counting")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/wrong_pockets"), help="where the pages go")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    book = ds.load_book(CONFIGS, place.fit_id)
    names = ("as_now", "employment_support", "whole_system")
    as_now, *others = [ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book) for name in names]
    results = ds.run(
        place, book, [as_now, *others], years=asked.years, draws=asked.draws, seed=asked.seed, run_in=asked.run_in,
        households=asked.households, workers=asked.workers, show_progress=True,
    )  # fmt: skip
    for scenario in others:
        effect = ds.compare(results, scenario, against=as_now)  # same households, same beliefs, same luck
        wrong = effect.wrong_pockets()
        print(f"\n{place.title}, {asked.years} years: “{scenario.title}”, {effect.n_runs} runs, discounted cash")
        for one in wrong.whole.alone:
            if one.is_touched:
                span = signed_range(one.worth.low, one.worth.high, money)
                said = f"{signed(one.worth.mean, money):>14}  ({span})  saves in {one.saves.n_such} of {effect.n_runs}"
                print(f"  {readable(one.purse):36} {said}\n  {'':36} would act: {one.verdict}")
        for one in (paid := wrong.whole.jointly).payments:
            each = money(one.gbp_a_year)
            print(f"  {readable(one.payer)} pays {readable(one.receiver)} {money(one.gbp)}, or {each} a year")
        if not paid.exist:
            print(f"  no payments leave nobody worse off in 80% of runs: {money(paid.missing)} missing")
        print(f"  the pages: {ds.write_pockets(effect, asked.out / f'{scenario.id}.html')}")
        print(f"             {ds.write_appraisal(effect, asked.out / f'{scenario.id}_appraised.html')}")


if __name__ == "__main__":
    ds.tell(main)
