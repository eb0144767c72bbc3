"""What the columns of training logs and loss tables are called, as `TextTable.called` compares names."""

STEPS = (
    *("step", "t", "global_step", "train_global_step", "trainer_global_step"),
    *("iteration", "iter", "training_step", "train_step", "update"),
)
STEP_SIZES = (
    *("step_size", "lr", "learning_rate", "train_learning_rate", "train_lr"),
    *("train_optimizer_lr", "optimizer_lr"),
)
UNNAMED = ("value",)  # of an export that names no metric
SIZES = (
    *("n", "param", "parameter", "num_param", "n_param", "num_parameter", "model_size", "non_embedding_param"),
    *("n_parameter", "size"),
)
SAMPLES = (
    *("d", "token", "num_token", "n_token", "training_token", "train_token", "tokens_seen", "sample", "num_sample"),
    *("dataset_size", "data_size"),
)
COMPUTE = ("c", "compute", "flop", "training_flop", "train_flop", "budget")
EXCESS = ("excess", "excess_risk")
LOSSES = ("risk", "loss", "train_loss", "training_loss", "loss_train", "final_loss")
HELD_OUT = ("eval_loss", "val_loss", "validation_loss", "valid_loss", "test_loss", "loss_val", "loss_validation")
ERRORS = ("standard_error", "stderr", "std_error", "sem", "se")
