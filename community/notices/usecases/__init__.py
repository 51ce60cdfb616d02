"""Writing a notice, having somebody else approve it, calling it off; templates and audiences that an office keeps."""
