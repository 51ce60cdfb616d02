"""Contact wishes 联系意愿: how somebody in distress wants to be reached by a social worker."""
