"""What we add to Rasa: its door, a turn's tracker, and how it understands. Runs on Python 3.10 inside Rasa only."""
