"""What a community tells its residents about a kind of need, beside what Linli says by itself."""
