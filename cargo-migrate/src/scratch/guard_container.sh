# Removes a container after an owner that ended without doing so itself (`kill -9` included): the owner holds the other end
# of the standard input, and writes `done` if nothing is left to do. Arguments: the command that removes the container.
trap '' HUP INT QUIT TERM

while read -r word; do
    [ "$word" = "done" ] && exit 0
done

# More than once: the engine may still be making the container that the owner had asked for.
tries=0
until "$@" || [ "$tries" -ge 10 ]; do
    sleep 0.5
    tries=$((tries + 1))
done
