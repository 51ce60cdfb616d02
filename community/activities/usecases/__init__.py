"""All writes about activities alone: planning.py, following.py; what touches sign-ups is in community/signups."""
