"""How need rises and falls: hazards, moves, and the state a household arrives in.

Takes tables of hazards and one household's columns; gives its next states.
Never knows that services exist: their effect arrives as log hazard ratios.
"""
