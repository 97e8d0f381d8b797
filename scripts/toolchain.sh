# shellcheck shell=bash
# Sourced by every script: one compiler for everything, and our own tools first on PATH.
#
# The compiler is rustup's where it has the wasm target. Where rust-lang's servers are out of
# reach, scripts/setup takes Debian's (rustc-web) and builds its wasm library; from then on
# that one is used. RUST_FROM=rustup or RUST_FROM=debian decides by hand.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT
TOOLS=$ROOT/.tools
CARGO_BIN=${CARGO_HOME:-$HOME/.cargo}/bin
# The newest Rust language that the code asks for.
RUST_NEEDED=1.95

# Where Debian's compiler keeps its libraries, if it has the wasm one, made by this very compiler.
debian_has_wasm() {
  local made_for=/usr/lib/rustlib/wasm32-unknown-unknown/made-for
  [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && [ -f "$made_for" ] && [ "$(/usr/bin/rustc -vV)" = "$(cat "$made_for")" ]
}

# A compiler that is not Debian's (rustup's, or one put there by hand) and has the wasm library.
other_rustc() { PATH="$CARGO_BIN:$PATH" command -v rustc 2>/dev/null | grep -v '^/usr/bin/' | grep -v "^$TOOLS/"; }
other_has_wasm() {
  local rustc version
  rustc=$(other_rustc) || return 1
  version=$("$rustc" --version 2>/dev/null | cut -d' ' -f2) || return 1
  [ "$(printf '%s\n' "$RUST_NEEDED" "$version" | sort -V | head -1)" = "$RUST_NEEDED" ] || return 1
  compgen -G "$("$rustc" --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null
}

choose_compiler() {
  local name
  if [ -z "${RUST_FROM:-}" ]; then
    if debian_has_wasm; then RUST_FROM=debian
    elif other_has_wasm; then RUST_FROM=rustup
    else return 0; fi
  fi
  export RUST_FROM
  if [ "$RUST_FROM" = debian ]; then
    # A folder of links, so that nothing else of /usr/bin gets ahead of what the user has.
    mkdir -p "$TOOLS/debian"
    for name in cargo rustc rustdoc cargo-clippy clippy-driver rustfmt cargo-fmt; do
      if [ -x "/usr/bin/$name" ] && [ ! -e "$TOOLS/debian/$name" ]; then ln -sf "/usr/bin/$name" "$TOOLS/debian/$name"; fi
    done
    case ":$PATH:" in *":$TOOLS/debian:"*) ;; *) PATH="$TOOLS/debian:$PATH" ;; esac
    local linker
    linker=$(compgen -c wasm-ld | sort -V | tail -1)
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=${linker:-wasm-ld-22}
  fi
}

case ":$PATH:" in
  *":$ROOT/node_modules/.bin:"*) ;;
  *) PATH="$ROOT/node_modules/.bin:$TOOLS/py/bin:$CARGO_BIN:$PATH" ;;
esac
choose_compiler
export PATH
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
export TARGET
cd "$ROOT" || exit 1
