// What recovery does, with a small image at /oem/small.tar and an empty disk at /dev/vdb.

extension FaultSweep {
    /// Operations that run in the recovery system.
    static let inRecovery = [reset, install]

    /// A reset may also stay pending: recovery goes on with it.
    private static let reset = FaultSweep(
        name: "reset", operation: "lifeboot reset --persistent --source dir:/run/small",
        before: """
            \(small)
            \(saved)
            \(restored)
            mount $disk/state /run/part
            rm -rf /run/part/images/$new /run/part/images/.staging-*
            umount /run/part
            lifeboot boot-env show --json >/run/before
            """,
        done: """
            \(small)
            lifeboot boot-env show --json | tr -d ' \\n' >/run/env
            grep -q '"active":"'$new'"' /run/env
            grep -q '"pending":"-"' /run/env
            mount -o ro $disk/state /run/part
            \(compared)
            umount /run/part
            tune2fs -l $disk/persistent >/run/tuned
            """,
        untouched: """
            \(small)
            lifeboot boot-env show --json | tr -d ' \\n' >/run/env
            grep -q '"pending":"reset"' /run/env || cmp -s <(lifeboot boot-env show --json) /run/before
            recovery=$(sed 's/.*"recovery":"\\([0-9a-f]*\\)".*/\\1/' /run/env)
            cd $(find /run/lifeboot /run/part -maxdepth 3 -path "*/images/$recovery" | head -n 1)
            sha256sum --quiet -c boot.sha256
            """)

    /// A disk that was not installed to its end does not boot, and is installed on again.
    private static let install = FaultSweep(
        name: "install",
        operation: "lifeboot install /dev/vdb --force --source dir:/run/small"
            + " --sizes boot=70M,oem=32M,recovery=64M,state=64M,persistent=rest",
        before: """
            \(small)
            dd if=/dev/zero of=/dev/vdb bs=1M count=4 conv=fsync status=none
            blockdev --rereadpt /dev/vdb
            """,
        done: """
            \(small)
            test $(head -c 440 /dev/vdb | tr -d '\\0' | wc -c) -gt 100
            for number in 4 5; do
                mount -o ro /dev/vdb$number /run/part
                \(compared)
                umount /run/part
            done
            mount -o ro /dev/vdb2 /run/part
            grep -aq active=$new /run/part/lifeboot/boot.env
            test -s /run/part/EFI/BOOT/BOOTX64.EFI
            umount /run/part
            """,
        untouched: """
            test $(head -c 440 /dev/vdb | tr -d '\\0' | wc -c) = 0
            """)

    /// Unpacks the small image once, leaves nothing mounted, and sets its id.
    private static let small = """
        set -e
        mkdir -p /run/part
        umount /run/part 2>/dev/null || true
        \(unpacked)
        \(identified)
        disk=/run/disk
        test -e $disk || { mkdir $disk; for name in recovery state persistent; do
            ln -s $(blkid -t PARTLABEL=$name -o device /dev/vda*) $disk/$name; done; }
        """

    /// Fails unless the partition at /run/part has the small image.
    private static let compared = """
        for file in vmlinuz initrd.img root.squashfs manifest.json; do
            cmp -s /run/part/images/$new/$file /run/small/$file
        done
        """
}
