# shellcheck shell=bash
# Downloads, verifies and unpacks what the table of versions names. Sourced by scripts/build-static-deps.
# shellcheck disable=SC2154  # cache, versions, work, log and root come from build-static-deps

mirror=${LIFEBOOT_DEBIAN_MIRROR:-http://deb.debian.org}

# Prints the table's rows of a kind: "package hash path".
pinned() {
    awk -v kind="$1" '$1 == kind { print $2, $3, $4 }' "$versions"
}

# Prints the file name of a pool path, as the .dsc spells it.
file_name() {
    local name=${1##*/}
    printf '%b' "${name//%/\\x}"
}

# Tells whether a file is there with the expected SHA-256.
has_hash() {
    [ -f "$1" ] && [ "$(sha256sum <"$1")" = "$2  -" ]
}

# Prints where a pool path may be found. Security updates move to the main archive at a point release, and superseded
# versions leave both; the snapshot archive keeps them.
places() {
    local path=$1 stamp
    stamp=$(awk '$1 == "snapshot" { print $2 }' "$versions")
    echo "$mirror/$path"
    echo "$mirror/${path/#debian-security\/pool\/updates/debian\/pool}"
    echo "http://snapshot.debian.org/archive/${path/\/pool\//\/$stamp\/pool\/}"
}

# Downloads one file through apt's own transports (so proxies are honoured) and checks it.
fetch() {
    local hash=$1 path=$2 target uri
    target=$cache/downloads/$(file_name "$path")
    has_hash "$target" "$hash" && return 0
    while read -r uri; do
        rm -f "$target.part"
        echo "fetch $uri" >>"$log"
        /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "$uri" "$target.part" "SHA256:$hash" \
            >>"$log" 2>&1 || continue
        has_hash "$target.part" "$hash" || continue
        mv "$target.part" "$target"
        return 0
    done < <(places "$path" | uniq)
    rm -f "$target.part"
    die "no mirror has $path with SHA-256 $hash (see $log).
When Debian has replaced this version, run scripts/static-deps/pin and commit the result."
}

# Downloads everything.
fetch_all() {
    local hash path
    while read -r _ hash path; do fetch "$hash" "$path"; done < <(pinned source; pinned binary)
}

# Unpacks a source package with Debian's patches and prints the directory.
unpack_source() {
    local package=$1 hash path dsc
    mkdir -p "$work/source/$package.files"
    while read -r hash path; do
        ln -f "$cache/downloads/$(file_name "$path")" "$work/source/$package.files/"
        case $path in *.dsc) dsc=$(file_name "$path") ;; esac
    done < <(pinned source | awk -v package="$package" '$1 == package { print $2, $3 }')
    dpkg-source --no-check -x "$work/source/$package.files/$dsc" "$work/source/$package" >&2
    echo "$work/source/$package"
}

# Takes headers and archives out of Debian's development packages.
unpack_binaries() {
    local path triplet
    triplet=$(gcc -dumpmachine)
    while read -r _ _ path; do
        dpkg-deb -x "$cache/downloads/$(file_name "$path")" "$work/binary"
    done < <(pinned binary)
    cp -a "$work/binary/usr/include/." "$root/usr/include/"
    if [ -d "$root/usr/include/$triplet" ]; then
        cp -a "$root/usr/include/$triplet/." "$root/usr/include/"
        rm -r "${root:?}/usr/include/$triplet"
    fi
    cp -a "$work/binary/usr/lib/$triplet/"*.a "$root/usr/lib/"
}
