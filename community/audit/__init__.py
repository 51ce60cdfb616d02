"""The audit log: who did what to which record and when, as rows that are only added."""
