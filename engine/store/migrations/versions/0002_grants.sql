grant select, insert, update, delete on procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events,
    procrastinate_workers to :app_role;
grant usage on all sequences in schema public to :app_role;
