#!/bin/sh
# Reference values that take minutes: thresholds by large populations.
exec "${PYTHON:-python3}" "${srcdir:-.}/tests/test_references.py" --long
