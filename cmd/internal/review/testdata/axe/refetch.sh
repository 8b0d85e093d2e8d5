#!/bin/sh
# Renews axe.min.js and its licence from npm. Version, integrity and checksum are pinned: another archive is refused.
# To move to another version change the three pins in one commit with the result.
set -eu
version=4.14.1
integrity=sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==
sha256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c
cd "$(dirname "$0")"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && npm pack --silent "axe-core@$version" >/dev/null)
archive=$dir/axe-core-$version.tgz
got=sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w0)
[ "$got" = "$integrity" ] || { echo "the archive has integrity $got, pinned is $integrity" >&2; exit 1; }
tar -xzf "$archive" -C "$dir"
echo "$sha256  $dir/package/axe.min.js" | sha256sum -c --quiet -
cp "$dir/package/axe.min.js" axe.min.js
cp "$dir/package/LICENSE" LICENSE
cp "$dir/package/LICENSE-3RD-PARTY.txt" LICENSE-3RD-PARTY.txt
