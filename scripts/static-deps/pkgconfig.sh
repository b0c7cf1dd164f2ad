# shellcheck shell=bash
# Writes the prefix's pkg-config files. Sourced by scripts/build-static-deps.
# shellcheck disable=SC2154  # root, versions and set come from build-static-deps
#
# SwiftPM reads Libs: and never Libs.private:, and passes -L and -l only. So each file names the whole chain of archives,
# dependents first, and -L of the prefix makes them win over the distribution's.

uuid="-luuid"
blkid="-lblkid $uuid"
crypto="-lcrypto -lpthread"
devmapper="-ldevmapper -lpthread -lm"
json="-ljson-c"
compressors="-lzstd -lz"

# Prints the upstream version of a pinned package.
version_of() {
    awk -v package="$1" '$2 == package { print $4; exit }' "$versions" |
        sed -e 's,.*_\([^_]*\)\(_[a-z0-9]*\.deb\|\.dsc\)$,\1,' -e 's/-[^-]*$//' -e 's/%.*//' -e 's/\.dfsg//'
}

# pkgconfig NAME PACKAGE LIBS [CFLAGS]; relative to the file itself, so that the prefix may be moved.
pkgconfig() {
    cat >"$root/usr/lib/pkgconfig/$1.pc" <<PC
prefix=\${pcfiledir}/../..
libdir=\${prefix}/lib
includedir=\${prefix}/include

Name: $1
Description: $1, static, from Debian's $2
Version: $(version_of "$2")
Libs: -L\${libdir} $3
Cflags: -I\${includedir}${4:+ $4}
PC
}

# Writes all files.
write_pkgconfig() {
    pkgconfig uuid util-linux "$uuid" "-I\${includedir}/uuid"
    pkgconfig blkid util-linux "$blkid" "-I\${includedir}/blkid"
    pkgconfig mount util-linux "-lmount $blkid" "-I\${includedir}/libmount"
    pkgconfig fdisk util-linux "-lfdisk $blkid" "-I\${includedir}/libfdisk"
    pkgconfig devmapper lvm2 "$devmapper"
    pkgconfig libcryptsetup cryptsetup "-lcryptsetup $devmapper $json $blkid $crypto"
    pkgconfig json-c libjson-c-dev "$json" "-I\${includedir}/json-c"
    pkgconfig libcrypto openssl "$crypto"
    pkgconfig libssl openssl "-lssl $crypto"
    pkgconfig openssl openssl "-lssl $crypto"
    pkgconfig yaml-0.1 libyaml-dev "-lyaml"
    pkgconfig zlib zlib1g-dev "-lz"
    pkgconfig libzstd libzstd-dev "-lzstd"
    pkgconfig libcares libc-ares-dev "-lcares"
    pkgconfig libarchive libarchive "-larchive -llz4 -llzma $compressors"
    pkgconfig libcurl curl "-lcurl -lcares -lssl $crypto $compressors" "-DCURL_STATICLIB"
    pkgconfig libsquashfs1 libsquashfs-dev "-lsquashfs -lzstd -llz4 -llzma -lz -lpthread"
}

# Links every pkg-config file into a program, whole, so that a missing archive shows here and not in Swift's linker.
check_pkgconfig() {
    local file
    echo 'int main(void) { return 0; }' >"$work/empty.c"
    for file in "$root"/usr/lib/pkgconfig/*.pc; do
        link_whole "$(basename "$file" .pc)"
    done
}

# Links all of the first archive that a pkg-config file names.
link_whole() {
    local libs first
    read -ra libs < <(PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR="$root/usr/lib/pkgconfig" pkg-config --libs-only-l "$1")
    first=${libs[0]}
    gcc -static -o "$work/linked" "$work/empty.c" -L"$root/usr/lib" -Wl,--whole-archive "$first" \
        -Wl,--no-whole-archive "${libs[@]:1}"
}
