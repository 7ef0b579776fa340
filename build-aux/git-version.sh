#!/bin/sh
# git-version.sh SRCDIR: what `git describe` says of this source. A tarball
# carries the answer in .git-version (written by `make dist`).
cd "$1" || exit 1
if [ -f .git-version ]; then
    cat .git-version
elif [ -e .git ]; then
    git describe --always --dirty --tags 2>/dev/null || echo unknown
else
    echo unknown
fi
