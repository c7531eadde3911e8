"""Who is helped, how soon, with what effect: front door, referrals, waiting lists, cases.

Takes a household's recognised needs and the posts of each service; gives cases, waits and log hazard ratios.
Never prices anything and never moves a need itself.
"""
