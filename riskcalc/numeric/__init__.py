"""Kinds of number and what is done with them: spectral sums, roots, contours, inverse transforms (float64 here)."""
