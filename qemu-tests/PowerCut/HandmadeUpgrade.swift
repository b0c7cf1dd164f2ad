/// An upgrade by shell commands to the image of another disk: done with care, or with one of the classic mistakes.
///
/// It proves that the sweep passes what is right and finds what is wrong, whatever the product does.
struct HandmadeUpgrade: Sendable {
    /// What the operation is called.
    let name: String
    /// Whether the files of the image are brought to the disk before they get their name.
    var syncsFiles = true
    /// Whether the filesystem is frozen, so that GRUB, which replays no journal, sees the new name.
    var freezes = true
    /// How boot.env is written: in place and to the disk, or as editors do it.
    var commit = Commit.inPlace
    /// Whether the commit comes before the image.
    var commitsFirst = false
    /// Whether the image that is active until the commit is removed before it.
    var removesFirst = false

    enum Commit: Sendable {
        case inPlace
        case truncating
    }

    static let careful = HandmadeUpgrade(name: "by-hand")

    static let careless = [
        HandmadeUpgrade(name: "without-sync", syncsFiles: false, freezes: false),
        HandmadeUpgrade(name: "without-freeze", freezes: false),
        HandmadeUpgrade(name: "truncating", commit: .truncating),
        HandmadeUpgrade(name: "commit-first", commitsFirst: true),
        HandmadeUpgrade(name: "remove-first", removesFirst: true),
    ]

    /// The shell commands.
    var script: String {
        let removal = removesFirst ? "rm -r $images/$old" : ":"
        let steps = commitsFirst ? [commitStep, copyStep] : [copyStep, removal, commitStep]
        return ([beginning] + steps + [ending]).joined(separator: "\n")
    }

    private var beginning: String {
        """
        set -e
        mkdir -p /run/other /run/boot
        mount -o ro /dev/vdb5 /run/other
        mount -o remount,rw /run/lifeboot/state
        mount /dev/vda2 /run/boot
        images=/run/lifeboot/state/images
        new=$(ls /run/other/images | head -n 1)
        environment=/run/boot/lifeboot/boot.env
        old=$(sed -n 's/^active=//p' $environment)
        """
    }

    private var copyStep: String {
        let sync = syncsFiles ? "sync -f $images" : ":"
        let freeze = freezes ? "fsfreeze -f /run/lifeboot/state; fsfreeze -u /run/lifeboot/state" : ":"
        return """
            cp -r /run/other/images/$new $images/.staging
            \(sync)
            mv $images/.staging $images/$new
            \(sync)
            \(freeze)
            """
    }

    /// The values have the length of those that they replace, so that the block keeps its size.
    private var commitStep: String {
        let change = "sed -e \"s/^passive=.*/passive=$old/; s/^active=.*/active=$new/\" $environment"
        return switch commit {
        case .inPlace:
            """
            \(change) >/run/boot.env
            dd if=/run/boot.env of=$environment bs=1024 count=1 oflag=direct,dsync conv=notrunc status=none
            """
        case .truncating: "\(change) >/run/boot.env; cat /run/boot.env >$environment; sync"
        }
    }

    /// A file that was removed while the system runs from it keeps the filesystem writable.
    private var ending: String {
        """
        umount /run/boot /run/other
        mount -o remount,ro /run/lifeboot/state \(removesFirst ? "|| :" : "")
        """
    }
}
