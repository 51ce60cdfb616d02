"""Facts in the words of a report: place, time, phone, people. Pure functions, Chinese and English and both mixed."""
