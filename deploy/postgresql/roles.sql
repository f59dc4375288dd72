-- Run once, as the server's administrator, before the first migration. Creates the database and its two roles:
--   registry_owner  owns every table; only migrations log in as it
--   registry_app    what the application runs as: no table of its own, no way to change an audit event
-- The passwords come from the environment, so that they stand in no file:
--   REGISTRY_OWNER_PASSWORD=… REGISTRY_APP_PASSWORD=… psql --file roles.sql
-- (the postgres image runs it by itself when its data folder is empty).

\set ON_ERROR_STOP on
\getenv owner_password REGISTRY_OWNER_PASSWORD
\getenv app_password REGISTRY_APP_PASSWORD

CREATE ROLE registry_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE registry_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';

CREATE DATABASE registry OWNER registry_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE registry FROM PUBLIC;
GRANT CONNECT ON DATABASE registry TO registry_app;

\connect registry

ALTER SCHEMA public OWNER TO registry_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO registry_app;

-- A table that a migration adds can be read and added to, no more, until grants.sql has looked at it: forgetting that
-- step must stop the application, not open the audit trail.
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO registry_app;
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO registry_app;
