-- Run after every migration, as the owner of the tables (`manage.py grant_application_role` does). May be run again.
-- What the application role may do: everything it needs with data; with audit events, read and append.
-- TRUNCATE, TRIGGER and REFERENCES are granted on nothing.

DO $$
DECLARE
    app name := current_setting('registry.application_role');
    relation name;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app);
    FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('REVOKE ALL ON public.%I FROM %I', relation, app);
        IF relation IN ('registry_event', 'registry_eventpayload') THEN
            EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', relation, app);
        ELSIF relation = 'django_migrations' THEN
            EXECUTE format('GRANT SELECT ON public.%I TO %I', relation, app);
        ELSE
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', relation, app);
        END IF;
    END LOOP;
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', app);
END $$;
