# shellcheck shell=bash
# How each library is configured. Sourced by scripts/build-static-deps.
# shellcheck disable=SC2154  # root, work, log and jobs come from build-static-deps

# One section per function and datum, so that --gc-sections can drop what is not called; no path of the build inside.
static_flags() {
    echo "-O2 -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fstack-protector-strong" \
        "-D_FORTIFY_SOURCE=2 -ffile-prefix-map=$work=."
}

# Runs a recipe in its own shell, its output in the log; says how long it took, or shows the end of the log.
step() {
    local title=$1 started=$SECONDS
    shift
    # Not as the condition of an `if`: there bash ignores `set -e`.
    set +e
    (set -e; "$@") >>"$log" 2>&1 9>&-
    local status=$?
    set -e
    if [ "$status" != 0 ]; then
        tail -n 30 "$log" >&2
        die "$title failed; the whole log is $log."
    fi
    echo "build-static-deps: $title: $((SECONDS - started)) s" >&2
}

# Unpacks a source package and goes into its directory.
enter() {
    local directory
    directory=$(unpack_source "$1")
    cd "$directory"
}

# Configures in the current directory against the prefix under construction, and nothing else.
configure() {
    CFLAGS="$(static_flags)" CPPFLAGS="-I$root/usr/include" LDFLAGS="-L$root/usr/lib" \
        PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR="$root/usr/lib/pkgconfig" \
        ./configure --prefix=/usr --libdir=/usr/lib --sysconfdir=/etc --localstatedir=/var "$@"
}

# Copies archives and headers (a directory under include/ may be named with the header) into the prefix.
install_archive() { install -m 644 "$1" "$root/usr/lib/"; }
install_header() { install -D -m 644 "$1" "$root/usr/include/${2:-$(basename "$1")}"; }

# libuuid, libblkid, libmount and libfdisk: no program, no plug-in, no policy library.
build_util_linux() {
    enter util-linux
    configure --disable-all-programs --enable-libuuid --enable-libblkid --enable-libmount --enable-libfdisk \
        --enable-static --disable-shared --disable-nls --disable-asciidoc --disable-bash-completion \
        --without-selinux --without-systemd --without-udev --without-cryptsetup \
        --without-python --without-ncurses --without-ncursesw --without-tinfo --without-readline --without-audit \
        --without-econf
    make -j "$jobs" libuuid.la libblkid.la libmount.la libfdisk.la
    for library in uuid blkid mount fdisk; do install_archive ".libs/lib$library.a"; done
    install_header libuuid/src/uuid.h uuid/uuid.h
    install_header libblkid/src/blkid.h blkid/blkid.h
    install_header libmount/src/libmount.h libmount/libmount.h
    install_header libfdisk/src/libfdisk.h libfdisk/libfdisk.h
}

# libdevmapper, without the semaphores that udev's rules would have to release.
build_devmapper() {
    enter lvm2
    configure --enable-static_link --disable-udev_sync --disable-udev_rules --disable-udev_systemd_background_jobs \
        --disable-selinux --disable-readline --disable-blkid_wiping --disable-dmeventd --disable-nls
    make -j "$jobs" include
    make -j "$jobs" -C libdm
    install_archive libdm/ioctl/libdevmapper.a
    install_header libdm/libdevmapper.h
}

# libcrypto and libssl, with nothing that is loaded at run time. Debian's own libcrypto.a would open the machine's
# legacy.so from a static program, which crashes at exit, and is 1.5 MB larger in the agent.
build_openssl() {
    local absent=(shared module legacy dso engine autoload-config ui-console tests async ssl-trace comp
        idea md4 mdc2 rc2 rc4 seed cast bf camellia aria sm2 sm3 sm4 whirlpool siphash gost dsa ec2m scrypt
        srp srtp dtls ssl3 tls1 tls1_1 nextprotoneg cms ts ct cmp rfc3779)
    local flags
    read -ra flags < <(static_flags)
    enter openssl
    ./Configure linux-x86_64 --prefix=/usr --libdir=lib --openssldir=/etc/ssl "${absent[@]/#/no-}" "${flags[@]}"
    make build_generated
    make -j "$jobs" libcrypto.a libssl.a
    install_archive libcrypto.a
    install_archive libssl.a
    mkdir -p "$root/usr/include/openssl"
    install -m 644 include/openssl/*.h "$root/usr/include/openssl/"
}

# libcryptsetup on OpenSSL: keyslots are opened in user space, so the kernel needs no AF_ALG modules.
build_cryptsetup() {
    enter cryptsetup
    autoreconf --force --install
    # The programs want popt, the library does not.
    ac_cv_lib_popt_poptConfigFileToString=yes configure --enable-static --disable-shared --disable-nls \
        --disable-asciidoc --disable-ssh-token --disable-external-tokens --disable-udev --disable-selinux \
        --disable-static-cryptsetup --disable-cryptsetup --disable-veritysetup --disable-integritysetup \
        --enable-internal-argon2 --enable-internal-sse-argon2 --with-crypto_backend=openssl --with-tmpfilesdir=no
    make -j "$jobs" libcryptsetup.la
    install_archive .libs/libcryptsetup.a
    install_header lib/libcryptsetup.h
}

# libarchive for layers of container images and parts of an initramfs: tar in its variants; gzip, xz, LZ4 and zstd.
build_archive() {
    enter libarchive
    autoreconf --force --install
    configure --enable-static --disable-shared --disable-bsdtar --disable-bsdcat --disable-bsdcpio \
        --without-xml2 --without-expat --without-iconv --without-bz2lib --without-lzo2 --without-libb2 \
        --without-nettle --without-openssl --without-mbedtls --without-cng --disable-acl
    make -j "$jobs" libarchive.la
    install_archive .libs/libarchive.a
    install_header libarchive/archive.h
    install_header libarchive/archive_entry.h
}

# libcurl for HTTP and HTTPS only; c-ares resolves names, so no name-service module is ever loaded.
build_curl() {
    enter curl
    # Debian's last two patches turn the library into its GnuTLS and NSS variants; debian/rules takes them off as well.
    patch -R -p1 <debian/patches/99_nss.patch
    patch -R -p1 <debian/patches/90_gnutls.patch
    autoreconf --force --install
    configure --enable-static --disable-shared --with-openssl --enable-ares="$root/usr" --with-zstd --with-zlib \
        --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt --with-ca-path=/etc/ssl/certs \
        --without-brotli --without-libidn2 --without-libpsl --without-nghttp2 --without-librtmp --without-libssh2 \
        --disable-ldap --disable-ldaps --disable-ftp --disable-file --disable-dict --disable-telnet --disable-tftp \
        --disable-pop3 --disable-imap --disable-smb --disable-smtp --disable-gopher --disable-mqtt --disable-rtsp \
        --disable-manual --disable-ntlm --disable-ntlm-wb --disable-tls-srp --disable-unix-sockets --disable-alt-svc \
        --disable-libcurl-option --disable-openssl-auto-load-config
    make -j "$jobs" -C lib
    install_archive lib/.libs/libcurl.a
    mkdir -p "$root/usr/include/curl"
    install -m 644 include/curl/*.h "$root/usr/include/curl/"
}
