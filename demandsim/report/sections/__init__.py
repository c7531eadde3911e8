"""The sections of a brief, in the order in which a reader asks.

Each takes the `Case` (one comparison and the words that travel with it) and gives a `Section` of plain data.
"""
