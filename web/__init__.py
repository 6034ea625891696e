"""The Flask host: JSON API, server-rendered pages, islands. Nothing imports `web`."""
