#!/bin/sh
# tempera bench: its JSON, its names, and the fast kernels beside the textbook
# loop. No absolute speed is asked for: a ratio within one run, well below
# what is measured anywhere (20 to 50 for AVX2, 5 to 20 for 64-bit words).
echo 1..7
count=0
status=0
ok() {
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        status=1
    fi
}
json=bench.$$.json
list=bench.$$.list
note=bench.$$.note
trap 'rm -f "$json" "$list" "$note"' EXIT

"$TEMPERA" bench --quick --json >"$json" 2>"$note"
ok $? 'a quick run ends well'
sed 's/^/# /' "$note"

# One key and its value a line: all objects here are flat or hold objects.
tr '{},[]' '\n\n\n\n\n' <"$json" | sed 's/^ *//; s/: $/:/' >"$list"
good=0
for key in cpu isa rng threads planes logic_256 logic_64 sgemm_flops doubles \
    name updates_per_ns_best updates_per_ns_median steps_per_s_best ceiling \
    percent baseline_ratio
do
    grep -q "^\"$key\": ." "$list" || { echo "# no $key"; good=1; }
done
ok $good 'every promised key is there'

if [ -n "$PYTHON" ]; then
    "$PYTHON" - "$json" <<'END'
import json
import sys

with open(sys.argv[1]) as file:
    bench = json.load(file)
for c in bench["cases"]:
    unit = "steps_per_s" if "-mlp-" in c["name"] else "updates_per_ns"
    c["best"], c["median"] = c[unit + "_best"], c[unit + "_median"]
bad = [c for c in bench["cases"] if not 0 < c["median"] <= c["best"]]
bad += [c for c in bench["cases"] if c["ceiling"] is not None and abs(
        100 * c["best"] / c["ceiling"] - c["percent"]) > 1e-6]
# Bit-sliced kernels, networks and the textbook loop have a ceiling, and do not
# reach it.
bad += [c for c in bench["cases"]
        if c["name"].startswith(("lanes", "sites", "textbook", "reference-mlp"))
        and not 0 < (c["percent"] or 0) < 100]
names = {c["name"] for c in bench["cases"]}
bad += {"textbook-2d-32", "textbook-2d-4096", "reference-2d-32",
        "lanes_u64-2d-32", "sites_u64-2d-4096",
        "reference-mlp-100-256-1"} - names
for c in bad:
    print("#", c)
sys.exit(bool(bad))
END
    ok $? 'JSON that parses: cases complete, percentages of their ceilings'
else
    count=$((count + 1))
    echo "ok $count # SKIP no Python"
fi

# Without AES instructions the planes come from portable C: no floor there.
if grep -q '^"rng": "portable C"' "$list"; then
    count=$((count + 1))
    echo "ok $count # SKIP no AES instructions"
else
    awk '/^"name": / { name = $2 }
         /^"baseline_ratio": / && name ~ /(lanes|sites)_.*-(2d-32|2d-4096|3d-[0-9]+|2d-512)"$/ {
             checked++
             if ($2 < 3) { slow++; print "# " name " only " $2 }
         }
         END { exit checked < 5 || slow > 0 }' "$list"
    ok $? 'every fast kernel beats the textbook loop by 3 and more'
fi

"$TEMPERA" bench --list >"$list"
good=$?
grep -qx sites_u64-2d-4096 "$list" || good=1
ok $good 'the cases are listed'

"$TEMPERA" bench sites_u46-2d-4096 >"$list" 2>"$note"
[ $? -eq 2 ] && grep -q 'did you mean sites_u64-2d-4096?' "$note" &&
    [ ! -s "$list" ]
ok $? 'an unknown case: exit 2 and the nearest name'

"$TEMPERA" bench --jsn >"$list" 2>"$note"
[ $? -eq 2 ] && grep -q 'did you mean --json?' "$note"
ok $? 'an unknown option: exit 2 and the nearest name'

exit $status
