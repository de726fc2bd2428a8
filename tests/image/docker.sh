#!/bin/bash
# Makes a container engine with a PostgreSQL image out of a bare Debian machine, where no image can be pulled:
#
#   apt-get install docker.io debootstrap
#   tests/image/docker.sh up      starts dockerd if no engine answers, makes the image if it is not there, prints its name
#   tests/image/docker.sh down    stops the dockerd that `up` started, and no other; the image stays
#
# The image honours the official one's contract: see entrypoint.sh.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=/run/cargo-migrate
pid_file=$state/dockerd.pid
log=$state/dockerd.log
# On images made here: by which version of make_image and of entrypoint.sh.
label=cargo-migrate.recipe

say() { echo "$*" >&2; }

die() {
    say "error: $1"
    [ -z "${2:-}" ] || say "help: $2"
    exit 1
}

answers() { timeout 10 docker version >/dev/null 2>&1; }

# The process that `up` started, if it runs.
our_dockerd() {
    local pid
    pid=$(cat "$pid_file" 2>/dev/null) || return 1
    # A process that has ended but was not waited for keeps its name, not its program.
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && readlink "/proc/$pid/exe" >/dev/null || return 1
    echo "$pid"
}

# Starts dockerd with these options and waits until it answers or ends.
try_dockerd() {
    say "starting dockerd${*:+ $*}"
    # Neither the lock nor a terminal's Ctrl-C is for the daemon.
    setsid dockerd --pidfile "$pid_file" "$@" >"$log" 2>&1 </dev/null 9>&- &
    local pid=$! tries
    for tries in {1..120}; do
        if answers; then
            return 0
        fi
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.5
    done
    say "dockerd${*:+ $*} does not answer after $tries tries: $(grep -iE 'level=(error|fatal)|failed' "$log" | tail -n 3)"
    stop_dockerd
    return 1
}

stop_dockerd() {
    local pid
    pid=$(our_dockerd) || return 0
    kill -TERM "$pid"
    for _ in {1..60}; do
        our_dockerd >/dev/null || break
        sleep 0.5
    done
    if pid=$(our_dockerd); then
        die "dockerd ($pid) does not end"
    fi
    rm -f "$pid_file"
}

engine_up() {
    if answers; then
        return
    fi
    command -v dockerd >/dev/null || die 'no container engine answers, and there is no dockerd' \
        'apt-get install docker.io debootstrap'
    # What a machine's kernel and network allow differs: from the defaults to the least that still publishes ports.
    try_dockerd ||
        try_dockerd --storage-driver vfs ||
        try_dockerd --iptables=false --ip6tables=false ||
        try_dockerd --storage-driver vfs --iptables=false --ip6tables=false ||
        die 'dockerd does not start' "look into $log"
}

# Prints the mirror that this machine's packages come from.
mirror() {
    local suite=$1 repository
    # shellcheck disable=SC2016
    repository=$(apt-get indextargets --format '$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
        awk -F'|' -v suite="$suite" '$1 == "Debian" && $2 == suite && $3 == "main" { print $4; exit }')
    [ -n "$repository" ] || die "apt knows no mirror of Debian $suite" 'apt-get update'
    echo "$repository"
}

# Prints the version of PostgreSQL that this machine's Debian has.
postgresql_version() {
    local version
    version=$(apt-cache show --no-all-versions postgresql 2>/dev/null | sed -n 's/^Version: \([0-9]*\).*/\1/p')
    [ -n "$version" ] || die 'apt knows no package postgresql' 'apt-get update'
    echo "$version"
}

clean_up() {
    # A debootstrap that is cut short leaves what it had mounted.
    local mounted
    awk -v root="$work/" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mounted; do
        umount "$mounted" || true
    done
    rm -rf --one-file-system "$work"
}

recipe() { cat "$here/entrypoint.sh" <(declare -f make_image) | sha256sum | cut -c 1-16; }

make_image() {
    local image=$1 version=$2 suite root container
    command -v debootstrap >/dev/null || die 'there is no debootstrap' 'apt-get install debootstrap'
    # shellcheck disable=SC1091
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    work=$(mktemp -d /var/tmp/cargo-migrate-image.XXXXXX)
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    root=$work/root
    say "making $image from Debian $suite"
    debootstrap --variant=minbase --include="postgresql-$version,locales" "$suite" "$root" "$(mirror "$suite")" \
        >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        die 'debootstrap failed'
    }
    chroot "$root" localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8

    # Every container makes its own cluster, and listens to others than itself.
    rm -rf "$root/var/lib/postgresql/$version" "$root/etc/postgresql/$version"
    sed -i "s/^#*listen_addresses = .*/listen_addresses = '*'/" "$root/usr/share/postgresql/$version/postgresql.conf.sample"
    install -m 755 "$here/entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
    mkdir "$root/docker-entrypoint-initdb.d"
    mkdir -p "$root/var/lib/postgresql/data"
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man \
        "$root"/etc/resolv.conf "$root"/etc/hostname

    tar -C "$root" --numeric-owner --one-file-system -c . | docker import \
        --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/$version/bin" \
        --change 'ENV LANG=en_US.utf8' \
        --change 'ENV PGDATA=/var/lib/postgresql/data' \
        --change 'VOLUME /var/lib/postgresql/data' \
        --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
        --change 'EXPOSE 5432' \
        --change 'CMD ["postgres"]' \
        - "$image-import" >/dev/null
    # An import takes no signal to stop by, a container does: SIGINT ends sessions, SIGTERM would wait for them.
    container=$(docker create --stop-signal SIGINT "$image-import")
    docker commit --change "LABEL $label=$(recipe)" "$container" "$image" >/dev/null
    docker rm --volumes "$container" >/dev/null
    docker image rm "$image-import" >/dev/null
}

up() {
    engine_up
    local version image made
    version=$(postgresql_version)
    image=postgres:$version
    if ! made=$(docker image inspect --format "{{index .Config.Labels \"$label\"}}" "$image" 2>/dev/null); then
        make_image "$image" "$version"
    elif [ -n "$made" ] && [ "$made" != "$(recipe)" ]; then
        # An image without the label is somebody's own.
        say "$image was made by another version of these scripts"
        make_image "$image" "$version"
    fi
    echo "$image"
}

case "${1:-}" in
up | down)
    [ "$(id -u)" = 0 ] || die 'dockerd and debootstrap need root'
    mkdir -p "$state"
    # One at a time: who comes second finds the engine and the image that the first has made.
    exec 9>"$state/lock"
    flock 9
    if [ "$1" = up ]; then up; else stop_dockerd; fi
    ;;
*)
    die "usage: ${0##*/} up|down"
    ;;
esac
