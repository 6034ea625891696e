"""Shapes of the API: marshmallow schemas. They check and name; they decide nothing."""
