"""How a person wants to be reached: on which channel, when not, and about what."""
