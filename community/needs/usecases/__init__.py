"""All writes to needs: by residents (residents.py), by staff (staff.py), and the steps both share (steps.py, routing.py)."""
