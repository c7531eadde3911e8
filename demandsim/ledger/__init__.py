"""What it cost and what happened: activity counted once, priced afterwards, checked, labelled and kept.

Takes a world's record and a draw's prices; gives accounts by payer, indicators in published units, results.
Never runs a world.
"""
