"""All writes about sign-ups, by act: joining, waiting.py, answering, arriving, ending, reminding, moving."""
