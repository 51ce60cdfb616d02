"""The search for somebody who steps in when a place falls free shortly before a shift."""
