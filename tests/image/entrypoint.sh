#!/bin/bash
# The entry point of the image that docker.sh makes. To its users it is the official image's: POSTGRES_USER, _PASSWORD, _DB,
# _INITDB_ARGS, _HOST_AUTH_METHOD (each also as …_FILE), PGDATA, /docker-entrypoint-initdb.d, and bare options of the server.
set -euo pipefail

# Reads a variable from the file that its twin …_FILE names.
from_file() {
    local file_variable="$1_FILE"
    if [ -n "${!file_variable:-}" ]; then
        [ -z "${!1:-}" ] || fail "both $1 and $file_variable are set"
        export "$1=$(<"${!file_variable}")"
        unset "$file_variable"
    fi
}

fail() {
    echo "error: $1" >&2
    exit 1
}

initialise() {
    local method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
        fail "POSTGRES_PASSWORD is not set; POSTGRES_HOST_AUTH_METHOD=trust would let everybody in"
    fi
    export POSTGRES_USER=${POSTGRES_USER:-postgres}
    export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}

    # Arguments are split at blanks, as the official image does it.
    local arguments
    read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
    if [ -n "${POSTGRES_PASSWORD:-}" ]; then
        initdb -D "$PGDATA" --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
    else
        initdb -D "$PGDATA" --username="$POSTGRES_USER" "${arguments[@]}"
    fi
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

    # Not on the network yet, and its log goes to the standard output: who waits for the real server looks at the error output.
    PGUSER=$POSTGRES_USER PGPASSWORD=${POSTGRES_PASSWORD:-} \
        pg_ctl -D "$PGDATA" -w -o "$1 -c listen_addresses='' -p 5432" start
    export PGPASSWORD=${POSTGRES_PASSWORD:-}
    if [ "$POSTGRES_DB" != postgres ]; then
        sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db"'
    fi
    local script
    for script in /docker-entrypoint-initdb.d/*; do
        case "$script" in
        *.sh)
            if [ -x "$script" ]; then
                "$script"
            else
                # shellcheck disable=SC1090
                . "$script"
            fi
            ;;
        *.sql) sql --dbname "$POSTGRES_DB" --file "$script" ;;
        *.sql.gz) gunzip --stdout "$script" | sql --dbname "$POSTGRES_DB" ;;
        esac
    done
    unset PGPASSWORD
    pg_ctl -D "$PGDATA" -m fast -w stop
    echo 'PostgreSQL init process complete; ready for start up.'
}

sql() {
    psql --set ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

if [ "${1:0:1}" = - ]; then
    set -- postgres "$@"
fi

if [ "${1:-}" = postgres ]; then
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$PGDATA"
        chown -R postgres:postgres "$PGDATA"
        chmod 700 "$PGDATA"
        HOME=/var/lib/postgresql exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
    fi
    if [ ! -s "$PGDATA/PG_VERSION" ]; then
        for variable in PASSWORD USER DB INITDB_ARGS; do
            from_file "POSTGRES_$variable"
        done
        # The options hold for the first server, too: `shared_preload_libraries` matters to scripts.
        initialise "$(printf '%q ' "${@:2}")"
    fi
fi

exec "$@"
