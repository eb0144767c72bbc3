"""A data set that is seen many times: gradient descent and multi-pass SGD by the deterministic equivalent."""
