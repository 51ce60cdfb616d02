"""Sign-ups 报名: a resident's place in a shift, from waiting to completed, with reminders and hours."""
