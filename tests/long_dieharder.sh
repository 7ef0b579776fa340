#!/bin/sh
# Planes as kernels consume them through a part of dieharder, by sweep, by site,
# by stream, and as one walker of stream lane, word and shared reads them.
# dieharder calls p < 1e-6 or > 1 - 1e-6 FAILED: over about 150 tests a false
# alarm once in 3000 runs; it draws no seed, so the result stays.
tests='0 1 2 3 8 9 10 12 13 15 16 17 100 101 102'
if ! command -v dieharder >/dev/null; then
    echo '1..0 # SKIP no dieharder'
    exit 0
fi
count=0 failed=0
for order in tick site stream lane word byte shared; do
    for number in $tests; do
        count=$((count + 1))
        line=$(tests/plane_stream "$order" | dieharder -g 200 -d "$number" \
            2>/dev/null | grep -E 'PASSED|WEAK|FAILED')
        if [ -n "$line" ] && ! echo "$line" | grep -q FAILED; then
            echo "ok $count - by $order: dieharder -d $number"
        else
            echo "not ok $count - by $order: dieharder -d $number"
            failed=1
        fi
        echo "$line" | sed 's/^/# /'
    done
done
echo "1..$count"
exit $failed
