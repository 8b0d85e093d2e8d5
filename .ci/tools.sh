#!/usr/bin/env bash
# Installs what the end-to-end tests need, once: the opa command and actionlint into .ci/tools, Chromium, Graphviz and
# iproute2 from Debian's packages.
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
if [ ${#want[@]} -gt 0 ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${want[@]}" >/dev/null
fi
