# Cleans up after an owner that ended without doing so itself (`kill -9` included): the owner holds the other end of the
# standard input, which therefore ends with it. $1: the server's folder.
trap '' HUP INT QUIT TERM
folder=$1
data=$(cd -P "$folder" && pwd)/data

while read -r _; do :; done

# Prints the server's process, if it runs. A process that merely got the same number has another working folder.
server() {
    pid=
    [ -f "$data/postmaster.pid" ] && read -r pid <"$data/postmaster.pid"
    [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
    if [ -d "/proc/$pid" ]; then
        [ "$(readlink "/proc/$pid/cwd")" = "$data" ] || return 1
    fi
}

for signal in INT QUIT KILL; do
    server || break
    kill -s "$signal" "$pid" 2>/dev/null
    tries=0
    while [ "$tries" -lt 100 ] && server; do
        sleep 0.1
        tries=$((tries + 1))
    done
done

# More than once: an `initdb` that the owner had started may still be writing.
tries=0
while [ -e "$folder" ] && [ "$tries" -lt 50 ]; do
    rm -rf -- "$folder"
    sleep 0.1
    tries=$((tries + 1))
done
