# shellcheck shell=bash
# A PostgreSQL server that lives as long as the test run and leaves nothing behind.
#
# Sourced by tests/run, after packages.sh. It never touches a server that is already on the machine: its data directory
# is new, its port is free, its password is drawn for the run (the server's superuser may run commands, so an open port
# on a shared machine needs one).
#
# Its text order is deliberately not that of bytes: every output is sorted in Rust, and a query that leans on the
# order of the database would pass under the C locale and fail at the first county whose server speaks Chinese.

# Seconds the server may take to come up or go down.
readonly POSTGRES_SECONDS=60
# Ports tried before giving up: a free one may be taken between looking and listening.
readonly POSTGRES_TRIES=8

postgres_home=
postgres_bin=
postgres_password=
postgres_port=

# postgres_find: the directory of the newest server installed. Debian keeps the server's programs off the PATH.
postgres_find() {
    local initdb
    initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    if [[ -z $initdb ]]; then
        initdb=$(command -v initdb) || return 1
    fi
    postgres_bin=$(dirname "$initdb")
}

# postgres_as COMMAND…: runs a server program. PostgreSQL refuses to run as root, so root becomes `postgres`, from a
# directory that user can read.
postgres_as() {
    if [[ $(id -u) -eq 0 ]]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# postgres_url DATABASE: where the database is.
postgres_url() {
    printf 'postgres://postgres:%s@127.0.0.1:%s/%s\n' "$postgres_password" "$postgres_port" "$1"
}

# postgres_start: installs the server if it has to, starts a cluster and exports RED_ANCHOR_TEST_POSTGRES, the address
# of the maintenance database from which tests create their own. The caller traps EXIT with postgres_stop.
postgres_start() {
    need_package postgresql postgres_find
    postgres_find
    if [[ $(id -u) -eq 0 ]] && ! id postgres >/dev/null 2>&1; then
        fail "root cannot run PostgreSQL and there is no user 'postgres' to run it as"
    fi

    # TMPDIR may be a directory that only root can enter, and too long a path for a socket: the system's own is neither.
    postgres_home=$(TMPDIR='' mktemp -d -t red-anchor-postgres.XXXXXX)
    postgres_password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s\n' "$postgres_password" >"$postgres_home/password"
    chmod 700 "$postgres_home"
    if [[ $(id -u) -eq 0 ]]; then
        chown -R postgres: "$postgres_home"
    fi

    local locale=(--locale=C.UTF-8)
    if "$postgres_bin/initdb" --help | grep -q -- --icu-locale; then
        locale=(--locale=C.UTF-8 --locale-provider=icu --icu-locale=zh)
    fi
    postgres_as "$postgres_bin/initdb" --pgdata="$postgres_home/data" --username=postgres --encoding=UTF8 \
        "${locale[@]}" --auth=scram-sha-256 --pwfile="$postgres_home/password" --no-sync \
        >"$postgres_home/initdb.log" 2>&1 || fail "initdb failed: $(cat "$postgres_home/initdb.log")"

    # The data is thrown away, so nothing waits for the disk; tests run side by side, so connections are many.
    local options="-c listen_addresses=127.0.0.1 -c unix_socket_directories=$postgres_home -c max_connections=200"
    options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=128MB"
    # Nothing lives long enough to be vacuumed, and statistics taken between a trial import that was rolled back and the
    # real one say that a table of thousands is empty.
    options+=" -c autovacuum=off"
    local try
    for ((try = 0; try < POSTGRES_TRIES; try++)); do
        postgres_port=$((20000 + RANDOM % 12000)) # below the range from which outgoing connections draw
        # The output is closed: the server outlives this command and would hold the pipe of whoever reads ours.
        if postgres_as "$postgres_bin/pg_ctl" start --wait --timeout="$POSTGRES_SECONDS" --silent \
            --pgdata="$postgres_home/data" --log="$postgres_home/server.log" \
            --options="$options -p $postgres_port" </dev/null >/dev/null 2>&1; then
            RED_ANCHOR_TEST_POSTGRES=$(postgres_url postgres)
            export RED_ANCHOR_TEST_POSTGRES
            say "$("$postgres_bin/postgres" --version) on port $postgres_port"
            return
        fi
    done
    fail "PostgreSQL does not start: $(tail -n 20 "$postgres_home/server.log" 2>/dev/null)"
}

# postgres_fresh DATABASE: creates an empty database and prints its address.
postgres_fresh() {
    timeout "$POSTGRES_SECONDS" "$postgres_bin/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$RED_ANCHOR_TEST_POSTGRES" \
        --command="create database $1" </dev/null >&2 || fail "cannot create the database $1"
    postgres_url "$1"
}

# postgres_stop: stops the server, if there is one, and deletes all of it. Safe to call twice.
postgres_stop() {
    if [[ -z $postgres_home ]]; then
        return
    fi
    # Without a shutdown checkpoint: nobody will read the files again.
    postgres_as "$postgres_bin/pg_ctl" stop --wait --timeout="$POSTGRES_SECONDS" --silent --mode=immediate \
        --pgdata="$postgres_home/data" </dev/null >/dev/null 2>&1 || true
    rm -rf -- "$postgres_home"
    postgres_home=
}
