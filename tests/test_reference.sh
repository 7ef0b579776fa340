#!/bin/sh
# input/REFERENCE.cfg is what the program says of its keys, and a valid input
# once temperatures are chosen, which have no default.
echo 1..2
status=0
report() { # report NUMBER NAME FILE: the last command's status, FILE's head
    if [ $? = 0 ]; then
        echo "ok $1 - $2"
    else
        echo "not ok $1 - $2"
        sed 's/^/# /' "$3" | head -n 20
        status=1
    fi
}
made=reference.$$ said=said.$$
trap 'rm -f "$made" "$said"' EXIT
"$TEMPERA" help --reference >"$made"
diff "$srcdir/input/REFERENCE.cfg" "$made" >"$said" 2>&1
report 1 'input/REFERENCE.cfg is up to date (else: make reference)' "$said"
"$TEMPERA" check "$srcdir/input/REFERENCE.cfg" \
    'ladder.temperature=[1.8, 3.0]' >"$said" 2>&1
report 2 'and a valid input' "$said"
exit $status
