"""The equivalent to any number of digits, without modes: two resolvents at each point of an inverse transform."""
