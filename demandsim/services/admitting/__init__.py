"""How a line takes cases in, and which place each of them takes up."""
