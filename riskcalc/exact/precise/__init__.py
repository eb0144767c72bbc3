"""The exact road with more digits than float64."""
