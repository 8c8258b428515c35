#!/bin/sh
# Rebuilds static/vendor from the npm registry. For maintainers only: what it makes is committed,
# so nobody who runs the product needs Node. Needs node >= 20 and npm; change a version here, run, commit.
set -eu
vendor=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund --save-exact \
    @tabler/core@1.4.0 @tabler/icons@3.51.0 echarts@6.1.0 tinykeys@4.0.0 esbuild@0.28.2 \
    bootstrap@5.3.7 purgecss@7.0.2
cp "$vendor/build/build.mjs" "$work/build.mjs"
node build.mjs "$vendor"
