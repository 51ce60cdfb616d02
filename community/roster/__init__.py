"""The duty roster 值班表: weeks of shifts, gaps between them, swaps that both colleagues agree to."""
