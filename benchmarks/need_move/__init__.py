"""The need move alone, in three forms of the same rule: the project's, hand-written C, and plain Mesa."""
