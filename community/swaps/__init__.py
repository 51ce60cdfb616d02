"""Swaps 换班 of two volunteers: who asks, who is asked, and the change of both places in one step."""
