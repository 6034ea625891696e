"""Channels that tell people something: page, SMS, WeCom and the like. Empty until the notification issue."""
