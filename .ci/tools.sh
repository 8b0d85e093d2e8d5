#!/usr/bin/env bash
# Installs what the end-to-end tests need, once: the opa command, actionlint and Mermaid into .ci/tools, Chromium,
# Graphviz and iproute2 from Debian's packages, npm where there is none.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .ci/tools
install() { [ -x ".ci/tools/$1" ] || GOBIN="$PWD/.ci/tools" go install "$2"; }
install opa github.com/open-policy-agent/opa@v1.22.2
install actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

want=()
command -v chromium >/dev/null || want+=(chromium)
command -v dot >/dev/null || want+=(graphviz)
command -v ip >/dev/null || want+=(iproute2)
command -v npm >/dev/null || want+=(npm)
if [ ${#want[@]} -gt 0 ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}" >/dev/null
fi

# Mermaid, to let it read what we write: version and checksum are pinned
mermaid=.ci/tools/mermaid.min.js
sum=336df803d87a38b70a01e736e666c8f7601d2ce42f5e47c8fafe5d721074b9a3
if ! echo "$sum  $mermaid" | sha256sum -c --status - 2>/dev/null; then
  dir=$(mktemp -d)
  (cd "$dir" && npm pack --silent mermaid@12.3.0 >/dev/null && tar -xzf mermaid-12.3.0.tgz package/dist/mermaid.min.js)
  echo "$sum  $dir/package/dist/mermaid.min.js" | sha256sum -c --quiet -
  mv "$dir/package/dist/mermaid.min.js" "$mermaid"
  rm -rf "$dir"
fi
