"""Who may do what, who gets a user task, and how people and organisations are named. Pure."""
