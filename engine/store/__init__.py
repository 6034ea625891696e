"""PostgreSQL: tables, statements, the unit of work, migrations, the embedded server. The only room that knows SQL."""
