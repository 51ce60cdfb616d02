"""Learning 学习: what was not understood, masked and without the person, and what staff make of it."""
