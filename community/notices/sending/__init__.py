"""From an approved notice to the last receipt: a row a person, followed on its way, reminded, told at the door."""
