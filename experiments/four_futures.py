"""Does acting earlier still hold if the times turn out otherwise? One place, four futures, and who regrets what.

python experiments/four_futures.py --households 2000 --years 15 --draws 6
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds
from demandsim.report.futures import read_futures, write_futures_page
from demandsim.report.words import formatter, signed, signed_range, with_runs

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", default="barking_and_dagenham", help="id of a place in configs/places")
    words.add_argument("--households", type=int, default=2000, help="households to simulate at the start")
    words.add_argument("--years", type=int, default=15)
    words.add_argument("--draws", type=int, default=6, help="sets of beliefs")
    words.add_argument("--seed", type=int, default=2016)
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/four_futures.html"), help="where the page goes")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    place = ds.load_place(CONFIGS / "places" / f"{asked.place}.toml")
    book = ds.load_book(CONFIGS, place.fit_id)
    policies = [
        ds.load_scenario(CONFIGS / "scenarios" / f"{name}.toml", book)
        for name in ("as_now", "whole_system", "same_money")
    ]
    results = {
        path.stem: ds.run(
            place, book, policies,
            years=asked.years, draws=asked.draws, seed=asked.seed, households=asked.households,
            workers=asked.workers, future=ds.load_future(path, book), show_progress=True,
        )
        for path in sorted((CONFIGS / "futures").glob("*.toml"), key=lambda path: (path.stem != "steady", path.stem))
    }  # fmt: skip

    case = read_futures(results)  # the same households, beliefs and luck in every future
    for judged in case.judged.values():
        form = formatter(judged.measure.unit)
        print(f"\n{judged.measure.title}, difference from as now, {with_runs(case.n_runs)} each")
        for (future, policy), standing in judged.standings.items():
            one, names = standing.difference, f"  {case.future_title(future):24} {case.policy_title(policy):45}"
            print(f"{names} {signed(one.mean, form):>14}   nine in ten: {signed_range(one.low, one.high, form)}")
        worst, regret = case.policy_title(judged.maximin), case.policy_title(judged.minimax_regret)
        print(f"  least bad in its worst future: “{worst}”; never far wrong (smallest largest regret): “{regret}”")
    print(f"\nThe page: {write_futures_page(case, asked.out)}")


if __name__ == "__main__":
    ds.tell(main)
