"""Stand-ins for the platforms on this machine, for tests and for whoever wants to try a channel without an account."""
