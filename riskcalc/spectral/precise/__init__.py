"""The spectral room to any number of digits; `problem_elements` and `gathered_elements` serve the exact road too."""
