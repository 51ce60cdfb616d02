"""Teams 队伍 of volunteers: a leader, members, and signing up together."""
