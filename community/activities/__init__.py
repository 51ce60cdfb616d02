"""Activities 活动 and their shifts 班次: planned by staff, published, moved, cancelled."""
