"""What we would change: levers, the scenarios that move them, the futures beneath, and the months over which they move.

Takes scenario files and a draw of the book; gives each lever's value month by month. Never moves a belief: a policy
cannot win by changing what is true.
"""

from demandsim.policy.combination import scenario_of
from demandsim.policy.futures import Future, check_futures, load_future
from demandsim.policy.levers import Lever, list_levers
from demandsim.policy.pinning import digest_baseline, pin, verify_pinned
from demandsim.policy.principles import Principle, check_principles, digest_principles, load_principles
from demandsim.policy.scenario import Change, Scenario, check_scenario, check_scenarios, load_scenario
from demandsim.policy.timeline import Timeline, apply, place_course

__all__ = [
    "Change",
    "Future",
    "Lever",
    "Principle",
    "Scenario",
    "Timeline",
    "apply",
    "check_futures",
    "check_principles",
    "check_scenario",
    "check_scenarios",
    "digest_baseline",
    "digest_principles",
    "list_levers",
    "load_future",
    "load_principles",
    "load_scenario",
    "pin",
    "place_course",
    "scenario_of",
    "verify_pinned",
]
