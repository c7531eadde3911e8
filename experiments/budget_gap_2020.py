"""Can less demand close a council's gap? The plan added up, the place run, and the answer as a page.

python experiments/budget_gap_2020.py --households 10000 --draws 8
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

import demandsim as ds
from demandsim.report.amounts import amount, stated
from demandsim.report.plan_words import answer_points, headline
from demandsim.report.target_words import rise_sentence

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def read_words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--account", default="barking_and_dagenham_2016", help="id of an account in configs/accounts")
    words.add_argument("--households", type=int, help="households to simulate; the account's own by default")
    words.add_argument("--years", type=int)
    words.add_argument("--draws", type=int, help="sets of beliefs")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--out", type=Path, default=Path("out/budget_gap_2020"), help="folder of the runs and the page")
    return words.parse_args()


def main() -> None:
    asked = read_words()
    account = ds.load_account(CONFIGS / "accounts" / f"{asked.account}.toml", ds.load_book(CONFIGS, "england"))
    sums = ds.reckon(account)
    print(f"{account.title}\n\nIts blocks come to £{sums.total.value} million. What does not come to what is stated:")
    for finding in sums.inconsistencies:
        ways = ", ".join(f"{way.title} {amount(way.worth.value, finding.unit)}" for way in finding.worked)
        print(f"  {finding.title}: stated {stated(finding)}; {ways}")
    study = ds.study_of(account, {"households": asked.households, "years": asked.years, "draws": asked.draws})
    command = " ".join(["python experiments/budget_gap_2020.py", *sys.argv[1:]]).replace(str(asked.out), "DIR")
    ds.run_study(study, asked.out, workers=asked.workers, command=command)  # goes on where it was stopped
    answer = ds.answer_account(account, ds.read_results(asked.out), ds.load_book(CONFIGS, study.place))
    print(f"\n{headline(account, answer)}.")
    for point in answer_points(account, answer):
        print(f"\n{textwrap.fill(point, 110)}")
    print(f"\n{textwrap.fill(rise_sentence(answer), 110)}")
    print(f"\nThe page: {ds.write_account(account, asked.out / 'account.html', answer)}")


if __name__ == "__main__":
    ds.tell(main)
