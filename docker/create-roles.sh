#!/bin/sh
# Runs once, when the database is made. The server logs in as enishi_server, which owns nothing; enishi_app is the role it
# works as, behind row-level security. An attacker who could make the server run any SQL would still not own a table.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$ENISHI_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role enishi_app nologin;
create role enishi_server login password :'password' noinherit in role enishi_app;
SQL
