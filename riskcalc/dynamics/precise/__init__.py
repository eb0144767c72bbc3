"""The dynamics of any list of modes to any number of digits: last iterates and averages, in stages and step by step."""
