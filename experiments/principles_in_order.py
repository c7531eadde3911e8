"""What does each whole-place principle add, in the report's order and whatever the order, and is there a better one?

python experiments/principles_in_order.py --households 1000 --years 3 --orders 20
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demandsim as ds

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", help="id of a place in configs/places")
    words.add_argument("--households", type=int, help="households to simulate")
    words.add_argument("--years", type=int)
    words.add_argument("--draws", type=int, help="sets of beliefs")
    words.add_argument("--orders", type=int, default=0, help="an even number of orders; by default every combination")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/principles"), help="where results and the page go")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    given = {name: getattr(asked, name) for name in ("place", "households", "years", "draws")}
    study = ds.load_study(CONFIGS / "studies" / "principles.toml", given)
    done = ds.run_principles(study, asked.out, orders=asked.orders, workers=asked.workers)
    effects = ds.compare_principles(ds.read_principles(asked.out))

    print(f"\n{done.run:,} worlds in {done.seconds:,.0f} s; {effects.n_runs} lucks. Differences from no principle:")
    for measure in ("cash", "crisis_months"):
        print(f"\n{effects.measure_title(measure)} ({effects.unit(measure)})")
        print("     when its turn comes           all so far    whatever the order (nine in ten runs)")
        for one in effects.contributions(measure):
            fair = f"{one.fair.mean:+13,.1f} ({one.fair.low:+,.1f} to {one.fair.high:+,.1f})"
            print(f"  {one.letter} {one.step.mean:+22,.1f} {one.reached.mean:+21,.1f} {fair}  {one.title}")
        for pair in effects.synergies(measure)[:3]:
            print(
                f"  {pair.one} with {pair.other}: {pair.extra.mean:+,.1f} ± {pair.extra.standard_error:,.1f} together"
            )
        found = effects.orders(measure)
        fairly = found.gain_elsewhere
        print(f"  {found.share_better:.0%} ± {found.share_error:.1%} of {found.n_orders:,} orders beat the report's")
        print(f"  best {''.join(found.best)}: {fairly.mean:+,.1f} on lucks that did not choose it")
        print(f"  nine in ten of those lie between {fairly.low:+,.1f} and {fairly.high:+,.1f}")
    print(f"\nThe brief: {ds.write_principles(effects, asked.out / 'principles.html')}")


if __name__ == "__main__":
    main()
