#!/bin/sh
# Every file of input/, cut short, through the whole program: run on 2 ranks,
# then report, status and verify. Under --enable-sanitize it is the test that
# sees MPI, HDF5 and files.
short='run.sweeps=100 run.burn_in=32'
count=0 failed=0
ok() { # ok NAME FILE: the last command's status, FILE's end
    if [ $? = 0 ]; then
        result=ok
    else
        result='not ok' failed=1
    fi
    count=$((count + 1))
    echo "$result $count - $1"
    [ "$result" = ok ] || tail -n 20 "$2" | sed 's/^/# /'
}
here=smoke.$$
mkdir "$here" && trap 'rm -rf "$here"' EXIT
log=$here/log out=$here/out.h5
# Digits of no package: 1797 made-up images for the inputs that learn them.
"${PYTHON:-python3}" - "$here/digits.csv.gz" <<'END'
import gzip
import sys
with gzip.open(sys.argv[1], "wt") as file:
    for i in range(1797):
        pixels = [(7 * i + (i % 10) * k * k + i * i // (k + 1)) % 17
                  for k in range(64)]
        file.write(",".join(map(str, pixels + [i % 10])) + "\n")
END
"${PYTHON:-python3}" "$srcdir/analysis/tempera_digits.py" \
    "$here/digits4.h5" --pool --from "$here/digits.csv.gz" >"$log" 2>&1
ok 'made-up digits' "$log"
digits="model.file=$here/digits4.h5"
for input in "$srcdir"/input/*.cfg; do
    name=$(basename "$input")
    [ "$name" != REFERENCE.cfg ] || continue
    more=
    case $name in # what is longer than the rest even so
    ea3d_*.cfg) more='model.samples=16 record.every=20' ;;
    sk.cfg|capacity.cfg) more=model.samples=8 ;;
    bethe.cfg) # above T_c: below it theory samples populations
        more='model.samples=8 ladder.rungs=4 ladder.temperature=[1.3,2.0]' ;;
    gset.cfg) # so here
        more='record.every=20 ladder.rungs=4 ladder.temperature=[3.0,6.0]' ;;
    hopfield.cfg) more=model.samples=2 ;;
    perceptron*.cfg) more=model.samples=4 ;;
    quench.cfg) more=run.burn_in=0 ;;
    digits_minima.cfg) more="run.burn_in=0 record.every=100 $digits" ;;
    mlp_digits.cfg) more="ladder.rungs=6 run.sweeps=64 $digits" ;;
    flat_vs_sharp.cfg) # around what digits_minima has left
        more="ladder.rungs=8 run.sweeps=32 $digits"
        more="$more model.reference=$here/small.h5:/minima/0" ;;
    maxcut.cfg)
        more='run.pass_sweeps=25 ladder.rungs=4 ladder.temperature=[2.0,3.0]' ;;
    esac
    # shellcheck disable=SC2086 # words are wanted
    ${MPIRUN:+$MPIRUN -n 2} "$TEMPERA" run "$input" -o "$out" $short $more \
        >"$log" 2>&1
    ok "$name runs" "$log"
    commands='report status verify'
    case $name in
    *_large.cfg) commands='report status' ;; # the reference takes too long
    esac
    for command in $commands; do
        "$TEMPERA" $command "$out" >"$log" 2>&1
        ok "$name: $command" "$log"
    done
    [ "$name" != digits_minima.cfg ] || mv "$out" "$here/small.h5"
    rm -f "$out"*
done
echo "1..$count"
exit $failed
