"""What words mean here: the one table of definitions that a hand wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TERMS: Final[Mapping[str, str]] = {
    "activity": "What services did, counted once; also the account that values it at unit cost, used or not as cash.",
    "agency": "A body that runs service lines and pays from a purse, which has a budget unless it is demand-led.",
    "appraisal": "Putting present values on a policy by the Treasury's rules: `demandsim appraise DIR`.",
    "association": "How many times commoner one need is where another is established; its causal part is a belief.",
    "automatic": "Said of a line that the state itself triggers, without the household asking.",
    "band": "The states of a need that a line takes, from the threshold to the most severe.",
    "base hazard": "How fast a need moves when no case is open, at average deprivation and frailty 1.",
    "baseline": "The scenario that another is a patch on; nearly always `as_now`.",
    "belief": "A number with its unit, range, source, grade and role.",
    "belief case": "The headline answer run again with some beliefs fixed, such as all effects at null.",
    "benefit–cost ratio": "What is gained for each pound laid out, both in present value.",
    "bought": "Said of a line that is paid for by the case or the month, with no limit of places.",
    "capacity": "How many cases a staffed line can hold at once: posts times cases a post, to the nearest whole case.",
    "case": "Help that one household gets, or waits for, from one line for one need.",
    "cash": "The account of money that leaves a purse: posts, purchases, placements, benefits.",
    "cashable": "What a change really takes off the cash account; the rest of a saving is capacity set free.",
    "chance": "Draws addressed by household, month and decision, so that two scenarios meet the same luck.",
    "common luck": "All scenarios of one luck share beliefs, people and chance, so differences are seen more sharply.",
    "concentration": "The part of attributable cash that the costliest 1, 5 and 10 in a hundred households cause.",
    "coupling": "How one need makes others rise faster and recede more slowly.",
    "crisis": "The worst state of a need; see the ladders below.",
    "deadweight": "What would have come about anyway; implied here, since both worlds are run on the same luck.",
    "deprivation": "An area's place among England's tenths, as a standard score: higher is more deprived.",
    "draw": "One set of beliefs.",
    "circumstance": "Something no policy moves and a future may: a shock's strength, growth, turnover.",
    "duty": "A line that turns nobody eligible away; beyond its places it works overtime, then buys.",
    "early help": "Lines of the early tier: help offered before a need is complex.",
    "effect": "Ratios that a case puts on the moves of needs while it runs, and as it fades.",
    "eligible": "Passing a line's own test; drawn anew at every trigger.",
    "exported need": "Need that leaves the place with its household, counted by state.",
    "fade": "Months over which an effect wears off in a straight line after the case.",
    "fidelity": "Share of an effect's strength (of its logarithm) that is delivered.",
    "frailty": "Lasting vulnerability of a household, mean 1, shared by all its needs.",
    "front door": "Where contact is made, other needs are noticed and referrals begin.",
    "future": "A patch of dated circumstances, the same under every scenario of a study.",
    "hand-off": "A referral for a need that is not the one the household came with.",
    "hazard": "Chance per month, at an instant; hazards compete inside one exponential step.",
    "household": "Whoever lives in one dwelling; the unit that has needs.",
    "ladder": "The five states of a need.",
    "lever": "Something a scenario may move.",
    "luck": "One draw with one replicate: the run of all scenarios side by side.",
    "need": "One of seven things that can go wrong for a household, each with five states.",
    "net present value": "Gains less costs over the years, later ones counted for less; plus is a gain.",
    "overtime": "Cases that a staffed duty holds beyond its places, to a limit and at a premium, before it buys any.",
    "place multiplier": "How much more often a need rises in a place than deprivation and people explain.",
    "posts": "Full-time equivalent staff paid, used or not.",
    "price year": "The fiscal year at whose prices money is stated.",
    "recognised": "Known to some service.",
    "replicate": "One run of luck for a draw.",
    "residual cost": "What being in a state costs whatever services do, after every line has posted its own part.",
    "run-in": "Months before the start in which all is as now, so that lists and caseloads fill; they are not counted.",
    "scenario": "A patch of dated levers on a baseline.",
    "service line": "One kind of help with its own posts or price, threshold, list and effect.",
    "spot price": "What a month of help costs a duty line beyond its places and its overtime.",
    "staffed": "Said of a line that pays posts and has so many places.",
    "step down, step up": "A case ends because the need is gone, or because it has grown beyond what the line takes.",
    "target": "A published figure that the model is fitted to, checked against, or held apart from.",
    "threshold": "The mildest state that a line takes.",
    "transfer": "A payment that costs its payer and is worth the same to whoever gets it.",
    "turned away": "A household came with a need that no line but a universal one takes at that state.",
    "unmet need": "A need established or worse while no open case covers it.",
    "wrong pocket": "One agency pays and another gains.",
}

SEVERITY: Final[Mapping[str, str]] = {
    "none": "nothing the model counts",
    "emerging": "first signs",
    "established": "a problem that lasts or is serious",
    "complex": "severe, or several at once",
    "crisis": "an emergency, or nowhere further to fall",
}

LADDERS: Final[Mapping[str, Mapping[str, str]]] = {
    "work": {
        "none": "working, or not looking",
        "emerging": "out of work for less than half a year",
        "established": "out of work for half a year to a year",
        "complex": "out of work for over a year",
        "crisis": "out of work for ill health, far from any job",
    },
    "money": {
        "none": "making ends meet",
        "emerging": "under strain, first bills missed",
        "established": "debts that are a problem",
        "complex": "many debts, bailiffs or court",
        "crisis": "losing the home over debt, insolvent or destitute",
    },
    "housing": {
        "none": "settled",
        "emerging": "insecure: arrears, or notice to be expected",
        "established": "about to lose the home",
        "complex": "homeless, put up by others",
        "crisis": "no roof for the night",
    },
    "mental_health": {
        "none": "well",
        "emerging": "mild distress",
        "established": "a common mental disorder",
        "complex": "severe, or not going away",
        "crisis": "at risk of harm to self or others",
    },
    "family": {
        "none": "coping, or no children",
        "emerging": "first strain",
        "established": "a child's development is held back",
        "complex": "a child is likely to be badly harmed",
        "crisis": "home is no longer safe for a child",
    },
    "care": {
        "none": "independent",
        "emerging": "slight difficulty",
        "established": "help at home needed",
        "complex": "much help needed every day",
        "crisis": "cannot be at home without help day and night",
    },
    "safety": {
        "none": "safe",
        "emerging": "quarrels, nuisance, threats",
        "established": "repeated incidents",
        "complex": "abuse or exploitation at high risk",
        "crisis": "serious violence",
    },
}

EVENT_MEANINGS: Final[Mapping[str, str]] = {
    "referral": "A household joined the line's list, or began at once. Refusals are not in it.",
    "declined": "An offer that was not taken up, or a trigger found not eligible. Attempts, not people.",
    "not_arrived": "Sent on from another need's contact and never came.",
    "admitted": "Help began.",
    "completed": "Help ran its length, or the need was resolved, grew beyond the line, or went out of scope.",
    "dropped_out": "Left help before it ended, or the line lost its last post.",
    "lapsed": "Left the list unhelped: gave up, no longer in the band, or moved out.",
    "spot_admitted": "Began beyond the line's places, at the spot price.",
    "waiting": "On the list at the end of the month.",
    "open": "In help at the end of the month.",
    "case_time": "Months of help given this month.",
    "overtime": "The part of it given by staff in post on overtime, in months.",
    "spot_time": "The part of it bought at the spot price, in months.",
    "wait_time": "Time that those admitted this month had waited in all, in months.",
    "list_time": "Time spent on the list this month by everybody on it, in months.",
    "waited_six_weeks": "Of those admitted, how many had waited six weeks or less.",
    "left_area": "Cases open when the household left or its last member died.",
    "recovered": "Of those completed, those whose need had by then fallen below the state at which the line opens.",
    "re_referral": "Of referrals to children's social care and calls to the police, those within twelve months of the "
    "household's last of the same kind.",
}

DOOR_MEANINGS: Final[Mapping[str, str]] = {
    "contacts": "Contacts made, by the household or through a worker already helping it.",
    "needs_noticed": "Needs seen at a contact about another need, not known before.",
    "turned_away": "Contacts about a need that no line but a universal one takes at its state.",
    "hand_offs": "Referrals to a line for a need that the contact was not about.",
    "asked_twice": "Of them, those in which the household had to tell everything again.",
    "sent_to_manager": "Contacts whose outcome waited for a manager to agree; that wait is on no list.",
    "repeat_contacts": "Contacts about a need that some service knew of already.",
    "manager_time": "Months that those put on a list had first waited for a manager, in all.",
}

CAUSE_MEANINGS: Final[Mapping[str, str]] = {
    "direct": (
        "The first difference was a decision that reads a moved lever, or an admission on a line whose planned places "
        "a lever moved."
    ),
    "queue": "The first difference was an admission on a line that the policy left alone: others came sooner or later.",
    "budget": (
        "The first difference came of posts that an agency's own rule changed: an admission, an offer or a repair "
        "that goes with them."
    ),
    "posts": "The change in posts paid and in the cost of the programme, which no household lives.",
}

TIER_MEANINGS: Final[Mapping[str, str]] = {
    "universal": "Open to all, little for each.",
    "early": "Before a need is complex.",
    "targeted": "For those assessed as in need.",
    "crisis": "When it can wait no longer.",
}

QUEUE_MEANINGS: Final[Mapping[str, str]] = {
    "first_come": "The longest on the list.",
    "worst_first": "The most severe state now, then the longest on the list.",
    "easiest_first": "The mildest state now, then the longest on the list: what a numerical target rewards.",
    "nearest_crisis": "The most severe state now, then the frailest household.",
}

ROLE_MEANINGS: Final[Mapping[str, str]] = {
    "lever": "A scenario may move it; a draw never does.",
    "circumstance": "A future may move it; a scenario and a draw never do.",
    "uncertainty": "A draw moves it within its range; a scenario never does.",
    "constant": "Neither moves it.",
}
