"""Attachments and site photos: stored by content, looked at before they are let in, never executed or rendered."""
