"""One function per command or query. The only room that brings the others together; the workers live here too."""
