#!/bin/sh
# build-header.sh SRCDIR HEADER COMPILER FLAGS...: writes HEADER with what is
# known only while building; leaves it alone when nothing changed.
srcdir=$1 header=$2 compiler=$3
shift 3
quote() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
{
    git=$(sh "$srcdir/build-aux/git-version.sh" "$srcdir")
    flags=$(echo "$@" | tr -s " ")
    name=$($compiler --version 2>/dev/null | head -n 1)
    echo "#define GIT_VERSION \"$(quote "$git")\""
    echo "#define BUILD_COMPILER \"$(quote "${name:-$compiler}, $flags")\""
} > "$header.new"
if cmp -s "$header.new" "$header"; then
    rm -f "$header.new"
else
    mv -f "$header.new" "$header"
fi
