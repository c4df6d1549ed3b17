"""When two texts count as one told twice, by the share of their shingles (`search.likeness`)."""

ALIKE = 0.5
"""Shared shingles over all of both. A copy with unit, year and some sentences changed is above it; of 186 cases no two
of different matter had more than 0.06."""
LEAST = 60
"""Characters below which a text is too short to be told a copy."""
