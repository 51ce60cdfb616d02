"""What has to be there before anything of ours can run: uv, both environments, the front-end files.

Called by the Makefile with the machine's own Python, so it uses the standard library only.
"""
