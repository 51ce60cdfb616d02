"""What we add to Rasa: its tracker store, its door, and how it understands. Runs on Python 3.10 inside Rasa only."""
