"""The worker: a short list of periodic jobs over rows that say when they are due."""
