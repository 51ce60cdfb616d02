"""What those who lead see: figures counted from the records of a period, never typed in."""
