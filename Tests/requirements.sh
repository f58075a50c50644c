# Functions of the scripts that build and test: check for the toolchain, install missing packages. To be sourced.

# Ends the script unless a toolchain is there that the manifest accepts.
require_swift() {
  if ! command -v swift >/dev/null; then
    echo "no 'swift' in PATH: install the Swift 6.3 toolchain first (https://www.swift.org/install/linux/)" >&2
    exit 1
  fi
  local version
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  if ! printf '6.2\n%s\n' "${version:-0}" | sort -V -C; then
    echo "Swift ${version:-of an unknown version} is too old: the manifest needs 6.2, the project is built with 6.3" >&2
    exit 1
  fi
}

# Installs those of the named Debian packages that are missing; touches nothing when none is.
require_packages() {
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "missing, and no apt-get to install them with: ${missing[*]}" >&2
    exit 1
  fi
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "missing: ${missing[*]}; run as root: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    root=(sudo)
  fi
  echo "installing ${missing[*]}" >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

# Installs what every build needs: headers, and what SwiftPM fetches the packages with; further packages may be named.
require_build_packages() {
  require_packages libssl-dev libcurl4-openssl-dev libnghttp2-dev pkg-config git ca-certificates "$@"
}

# Makes .build/grpc-client, a Python environment with a gRPC client; without one, the tests that need it say so and are skipped.
make_grpc_client() {
  local folder=.build/grpc-client wanted=Tests/ScalerTests/Client/requirements.txt
  cmp -s "$wanted" "$folder/requirements.txt" && return 0
  echo "installing a gRPC client into $folder" >&2
  if python3 -m venv "$folder" && "$folder/bin/pip" install -q --disable-pip-version-check -r "$wanted" >&2; then
    cp "$wanted" "$folder/requirements.txt"
  else
    rm -rf "$folder"
    echo "no gRPC client from PyPI: the tests that use it are skipped" >&2
  fi
}
