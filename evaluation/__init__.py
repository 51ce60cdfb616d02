"""What `make evaluate` measures: how well the trained bot understands sentences that it was not trained on."""
