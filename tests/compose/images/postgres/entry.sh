# The first start makes the database; each start becomes the server.
set -e
as() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
chown postgres:postgres "$PGDATA" /run/postgresql
chmod 700 "$PGDATA"
if [ ! -e "$PGDATA/PG_VERSION" ]; then
    password=$(cat "$POSTGRES_PASSWORD_FILE")
    printf %s "$password" > /tmp/password
    chown postgres /tmp/password
    as initdb --username "$POSTGRES_USER" --pwfile /tmp/password --encoding UTF8 --auth-local trust \
        --auth-host scram-sha-256 --pgdata "$PGDATA" > /dev/null
    rm /tmp/password
    echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
    as pg_ctl --wait --options '-c listen_addresses=' start > /dev/null
    as createdb --username "$POSTGRES_USER" "$POSTGRES_DB" || true
    as pg_ctl --wait stop > /dev/null
fi
exec setpriv --reuid postgres --regid postgres --init-groups \
    "$@" -c listen_addresses='*' -c unix_socket_directories=/run/postgresql
