"""What leaves the house: calls to other systems, mail. Later channels that tell people something (page, SMS, WeCom)."""
