"""What does each whole-place principle add, in the report's order and whatever the order, and is there a better one?

python experiments/principles_in_order.py --households 1000 --years 3 --orders 20
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import demandsim as ds
from demandsim.report.words import formatter, signed, signed_range

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--place", help="id of a place in configs/places")
    words.add_argument("--households", type=int, help="households to simulate")
    words.add_argument("--years", type=int)
    words.add_argument("--draws", type=int, help="sets of beliefs")
    words.add_argument("--orders", type=int, default=0, help="an even number of orders; by default every combination")
    words.add_argument("--rollouts", type=int, default=20, help="an even number of orders to carry out in time")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/principles"), help="where results and the page go")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    given = {name: getattr(asked, name) for name in ("place", "households", "years", "draws")}
    study = ds.load_study(CONFIGS / "studies" / "principles.toml", given)
    command = " ".join(["python experiments/principles_in_order.py", *sys.argv[1:]]).replace(str(asked.out), "DIR")
    how = {"orders": asked.orders, "rollouts": asked.rollouts, "workers": asked.workers}
    done = ds.run_principles(study, asked.out, command=command, **how)
    effects = ds.compare_principles(ds.read_principles(asked.out))

    print(f"\n{done.run:,} worlds in {done.seconds:,.0f} s; {effects.n_runs} lucks. Differences from no principle:")
    for measure in ("cash", "crisis_months"):
        form = formatter(effects.unit(measure))
        print(f"\n{effects.measure_title(measure)}")
        print("   when its turn comes    all so far   whatever the order (nine in ten runs)")
        for one in effects.contributions(measure):
            fair = f"{signed(one.fair.mean, form):>14} ({signed_range(one.fair.low, one.fair.high, form)})"
            step, reached = signed(one.step.mean, form), signed(one.reached.mean, form)
            print(f"  {one.letter} {step:>18} {reached:>14} {fair}  {one.title}")
        found = effects.rollouts(measure) if effects.has_rollouts else effects.orders(measure)
        fairly, share = found.gain_elsewhere, f"{found.share_better:.0%} (give or take {found.share_error:.0%})"
        print(f"  {share} of {found.n_orders:,} orders do better than the report's")
        span = signed_range(fairly.low, fairly.high, form)
        print(f"  best {''.join(found.best)}: {signed(fairly.mean, form)} ({span}) on lucks that did not choose it")
    print(f"\nThe brief: {ds.write_principles(effects, asked.out / 'principles.html')}")


if __name__ == "__main__":
    ds.tell(main)
