"""Homes that are confirmed: by staff, or by a member of the household with a code."""
