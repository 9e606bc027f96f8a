# shellcheck shell=bash
# Debian packages the tests need beside Rust and a C compiler.
#
# Sourced by tests/run. On a fresh machine the tests install what they need themselves, as long as they may; a missing
# program is otherwise a failure with the command that mends it, never a test left out in silence.

# Seconds apt may take for one package, the download included.
readonly PACKAGE_SECONDS=600

# say MESSAGE…: a line for the person, apart from what the tests print.
say() {
    printf '== %s\n' "$*" >&2
}

# fail MESSAGE…: ends the run.
fail() {
    printf 'tests/run: %s\n' "$*" >&2
    exit 1
}

# need_package PACKAGE TEST…: makes sure that the command TEST… succeeds, installing Debian's PACKAGE when it does not.
need_package() {
    local package=$1
    shift
    if "$@" >/dev/null 2>&1; then
        return
    fi
    if [[ $(id -u) -ne 0 ]]; then
        fail "the package '$package' is missing and only root can install it: run 'sudo apt-get install $package', then again"
    fi
    if ! command -v apt-get >/dev/null; then
        fail "the package '$package' is missing and this is not a Debian system: install its equivalent, then run again"
    fi
    say "installing $package"
    # A fresh machine has no package lists; standard input is closed because nothing here may wait for an answer.
    timeout "$PACKAGE_SECONDS" apt-get update -qq </dev/null >&2 || fail "apt-get update failed"
    DEBIAN_FRONTEND=noninteractive timeout "$PACKAGE_SECONDS" \
        apt-get install -y -qq --no-install-recommends "$package" </dev/null >&2 || fail "apt-get install $package failed"
    "$@" >/dev/null 2>&1 || fail "'$package' is installed, but '$*' still fails"
}
