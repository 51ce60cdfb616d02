"""What `make bench` measures: Linli against plain ways of doing the same, in one run, printed as ratios."""
