#!/bin/sh
# tests/test_coverage.py with many more seeds.
COVERAGE_SEEDS=400 exec "$PYTHON" "${srcdir:?}/tests/test_coverage.py"
