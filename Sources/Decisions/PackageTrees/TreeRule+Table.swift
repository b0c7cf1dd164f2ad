extension TreeRule {
    /// All rules; docs/packages.md has them as a table.
    package static let table = exclusions + refusals

    /// The rules by which files are left out; the first that applies counts.
    static let exclusions = dropped + remade

    private static let dropped = [
        TreeRule(
            .drop, "it belongs to the running system", .everything,
            ["/run/**", "/tmp/**", "/var/tmp/**", "/dev/**", "/proc/**", "/sys/**"]),
        TreeRule(
            .drop, "the container engine makes the folder when it is missing", .addedFolders,
            ["/run", "/dev", "/proc", "/sys"]),
        TreeRule(.drop, "the package's own folder is mounted there while it is built", .everything, ["/build"]),
        TreeRule(
            .drop, "the container engine puts its own file there", .regularFiles,
            ["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"]),
        TreeRule(
            .drop, "the container engine makes it", .everything, ["/etc/mtab", "/.dockerenv", "/.dockerinit"]),
        TreeRule(.drop, "logs differ from build to build", .allButFolders, ["/var/log/**"]),
        TreeRule(
            .drop, "caches are filled again", .allButFolders,
            [
                "/var/cache/apt/**", "/var/cache/debconf/**", "/var/cache/ldconfig/**", "/var/cache/man/**",
                "/var/cache/apk/**",
            ]),
        TreeRule(
            .drop, "lists of what a mirror has are fetched again", .everything,
            [
                "/var/lib/apt/lists/**", "/var/cache/dnf/**", "/var/cache/libdnf5/**", "/var/cache/yum/**",
                "/var/cache/zypp/**",
            ]),
        TreeRule(
            .drop, "it is a backup of what is there", .allButFolders,
            [
                "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-",
                "/var/lib/dpkg/*-old", "/var/lib/ucf/*.[0-9]", "/**/*.dpkg-old", "/**/*.ucf-old",
            ]),
        TreeRule(
            .drop, "it is the lock or the journal of a program that has ended", .allButFolders,
            [
                "/etc/.pwd.lock", "/var/lib/dpkg/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/triggers/Lock",
                "/var/lib/dpkg/updates/**", "/lib/apk/db/lock", "/usr/lib/apk/db/lock", "/var/lib/rpm/.rpm.lock",
                "/usr/lib/sysimage/rpm/.rpm.lock",
            ]),
        TreeRule(
            .drop, "it is what a program remembers of its use", .everything,
            ["/root/.cache", "/root/.*_history", "/root/.wget-hsts", "/root/.lesshst", "/root/.viminfo"]),
        TreeRule(.drop, "compiled Python holds the time of its source", .everything, ["/**/__pycache__"]),
    ]

    /// Globs of what is left out of packages and made again in an image, of what all of them brought.
    package static let remadeGlobs = remade.flatMap(\.globs)

    private static let remade = [
        TreeRule(.remake, "ldconfig makes it of all libraries", .everything, ["/etc/ld.so.cache"]),
        TreeRule(
            .remake, "depmod makes it of all modules", .regularFiles,
            ["/lib", "/usr/lib"].flatMap { folder in
                [
                    "alias", "alias.bin", "builtin.alias.bin", "builtin.bin", "dep", "dep.bin", "devname", "softdep",
                    "symbols", "symbols.bin", "weakdep",
                ].map { "\(folder)/modules/*/modules.\($0)" }
            }),
        TreeRule(
            .remake, "update-mime-database and update-desktop-database make it of all types", .regularFiles,
            [
                "XMLnamespaces", "aliases", "generic-icons", "globs", "globs2", "icons", "magic", "mime.cache",
                "subclasses", "treemagic", "types", "version",
            ].map { "/usr/share/mime/\($0)" } + ["/usr/share/applications/mimeinfo.cache"]),
        TreeRule(
            .remake, "fc-cache makes it of all fonts", .allButFolders,
            ["/var/cache/fontconfig/**", "/usr/share/fonts/**/.uuid"]),
        TreeRule(
            .remake, "dracut makes it of all that is in the image", .allButFolders,
            [
                "/boot/initrd*", "/boot/initramfs*", "/initrd.img", "/initrd.img.old", "/lib/modules/*/initrd*",
                "/usr/lib/modules/*/initrd*", "/lib/modules/*/initramfs.img", "/usr/lib/modules/*/initramfs.img",
            ]),
    ]

    /// The rules by which files are an error.
    static let refusals = [
        TreeRule(
            .refuse, "it would give every machine the id of one", .machineIDs,
            ["/etc/machine-id", "/var/lib/dbus/machine-id"]),
        TreeRule(
            .refuse, "it is a secret, and every machine would have the same", .allButFolders, ["/etc/ssh/ssh_host_*"]),
        TreeRule(
            .refuse, "it is a secret, and every machine would begin with the same random numbers", .allButFolders,
            [
                "/var/lib/systemd/random-seed", "/var/lib/urandom/random-seed", "/var/lib/systemd/credential.secret",
                "/boot/loader/random-seed",
            ]),
    ]
}
