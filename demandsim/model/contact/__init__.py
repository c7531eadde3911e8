"""How a household's needs come to the front door: it asks, or somebody notices."""
