"""The doors that platforms knock at: each proves who it is, everything else is refused."""
