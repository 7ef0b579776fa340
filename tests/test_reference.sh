#!/bin/sh
# input/REFERENCE.cfg is what the program says of its keys.
echo 1..2
"$TEMPERA" help --reference > reference.$$
if cmp -s "$srcdir/input/REFERENCE.cfg" reference.$$; then
    echo 'ok 1 - input/REFERENCE.cfg is up to date'
    status=0
else
    echo 'not ok 1 - input/REFERENCE.cfg is up to date (make reference)'
    diff "$srcdir/input/REFERENCE.cfg" reference.$$ | sed 's/^/# /' | head -20
    status=1
fi
if "$TEMPERA" check "$srcdir/input/REFERENCE.cfg" >check.$$ 2>&1; then
    echo 'ok 2 - and a valid input'
else
    echo 'not ok 2 - and a valid input'
    sed 's/^/# /' check.$$ | head -20
    status=1
fi
rm -f reference.$$ check.$$
exit $status
