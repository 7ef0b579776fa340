#!/bin/sh
# registry.sh FILE.c ...: writes the lists of plug-ins from source names.
# src/models/ising.c becomes &model_ising in registry_models.
set -eu
for kind in models:model dynamics:dynamics kernels:kernel \
            protocols:protocol solvers:solver
do
    folder=${kind%%:*} prefix=${kind##*:} names=
    for file in "$@"; do
        case $file in
        */"$folder"/*.c) names="$names $(basename "$file" .c)" ;;
        esac
    done
    echo "struct $prefix;"
    for name in $names; do
        echo "extern const struct $prefix ${prefix}_$name;"
    done
    echo "extern const struct $prefix *const registry_$folder[];"
    echo "const struct $prefix *const registry_$folder[] = {"
    for name in $names; do echo "    &${prefix}_$name,"; done
    echo "    0};"
done
