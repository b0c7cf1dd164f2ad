import ImageModel

/// Something that a machine does while the power may go.
struct PowerCutOperation: Sendable, CustomStringConvertible {
    /// The name by which it is asked for.
    let name: String
    /// The role in which it is done.
    var role = Role.active
    /// Shell commands that come before and are not cut.
    var preparation = "true"
    /// The shell command.
    var command: String
    /// Whether the boot up to the command belongs to it.
    var includesBoot = false
    /// Whether the disk of another installation is at hand, as /dev/vdb.
    var hasOtherDisk = false
    /// Whether it is done on an expandable disk, from which it is gone on with after a cut by the same command.
    var isExpandable = false
    /// Which releases a registry offers as `$REGISTRY/os:<release>`; none means that there is no registry and no network.
    var releases: [Int] = []
    /// How long it may take, in seconds.
    var limit = 300

    var description: String { name }

    /// Operations of the product.
    ///
    /// All of them must survive any cut.
    static let all: [PowerCutOperation] = [
        PowerCutOperation(name: "boot", command: "true", includesBoot: true),
        PowerCutOperation(
            name: "mark-good", preparation: Self.loseAnAttempt, command: "lifeboot mark-good"),
        PowerCutOperation(name: "switch", command: "lifeboot switch passive"),
        PowerCutOperation(
            name: "upgrade", command: "lifeboot upgrade --only active oci://$REGISTRY/os:3", releases: [3], limit: 600),
        PowerCutOperation(
            name: "recovery-upgrade", command: "lifeboot upgrade --only recovery oci://$REGISTRY/os:3", releases: [3],
            limit: 600),
        PowerCutOperation(name: "rollback", command: "lifeboot rollback"),
        PowerCutOperation(name: "reset", role: .recovery, command: "lifeboot reset --persistent", limit: 600),
        PowerCutOperation(
            name: "complete", role: .recovery, command: "lifeboot resume", isExpandable: true, limit: 600),
        PowerCutOperation(name: "by-hand", command: HandmadeUpgrade.careful.script, hasOtherDisk: true),
    ]

    /// Takes an attempt from active again, as GRUB does, so that `mark-good` has something to write.
    static let loseAnAttempt = """
        set -e
        mkdir -p /run/boot
        mount /dev/vda2 /run/boot
        sed s/active_tries=3/active_tries=2/ /run/boot/lifeboot/boot.env >/run/boot.env
        dd if=/run/boot.env of=/run/boot/lifeboot/boot.env bs=1024 oflag=direct,dsync conv=notrunc status=none
        umount /run/boot
        """

    /// Operations that are done wrong on purpose: the sweep must find that out.
    static let faulty: [PowerCutOperation] =
        HandmadeUpgrade.careless.map { upgrade in
            PowerCutOperation(name: upgrade.name, command: upgrade.script, hasOtherDisk: true)
        } + [PowerCutOperation(name: "table-in-place", command: Self.changeTableInPlace)]

    /// Changes entries of the table where the header in front looks for them, and back.
    private static let changeTableInPlace = """
        set -e
        dd if=/dev/vda of=/run/entries bs=512 skip=3 count=1 status=none
        head -c 512 /dev/zero | dd of=/dev/vda bs=512 seek=3 oflag=direct,dsync conv=notrunc status=none
        dd if=/run/entries of=/dev/vda bs=512 seek=3 oflag=direct,dsync conv=notrunc status=none
        """

    /// Finds operations by name.
    static func named(_ names: [String]) -> [PowerCutOperation] {
        (all + faulty).filter { names.contains($0.name) }
    }
}
