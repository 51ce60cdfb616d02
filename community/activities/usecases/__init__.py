"""All writes about activities, by act: planning.py, changing.py, following.py."""
