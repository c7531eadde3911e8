"""Pictures of differences: one file a kind of picture.

Each takes estimates and labels and gives a matplotlib figure drawn in the shared style. None reads results, decides
what the figures mean, or writes a file.
"""
