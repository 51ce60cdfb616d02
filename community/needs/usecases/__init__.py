"""All writes to needs: by residents and by staff, and what both share: steps and routing."""
