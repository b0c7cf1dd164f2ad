package import ImageModel

/// Words the script by which iPXE starts an image over the network (https://ipxe.org/scripting).
///
/// Names are those of files beside the script, so that it counts wherever it is served. Nothing waits for ever: a machine whose
/// server does not answer goes on to the next thing that its firmware starts.
package struct NetbootScript: Equatable, Sendable {
    /// The name of the script.
    package static let name = "boot.ipxe"
    /// How often the files are asked for, and the seconds between.
    private static let (tries, pause) = (5, 10)
    /// Seconds after which the live system starts where both could be meant.
    private static let timeout = 10

    /// The image that starts.
    package var image: ImageID
    /// What people call it: a name and a version.
    package var title: String
    /// The image's own arguments.
    package var arguments: [String]
    /// The memory that the machine needs, in bytes.
    package var memory: Int64
    /// Whether there is an `install.yaml`.
    package var hasInstallation: Bool
    /// Whether that is what happens when nobody chooses.
    package var isUnattended: Bool

    /// Describes a script.
    package init(
        _ image: ImageID, title: String, arguments: [String], memory: Int64, hasInstallation: Bool = false,
        isUnattended: Bool = false
    ) {
        (self.image, self.title, self.arguments, self.memory) = (image, title, arguments, memory)
        (self.hasInstallation, self.isUnattended) = (hasInstallation, isUnattended)
    }

    /// An argument that iPXE would take for one of its own signs; nil when there is none.
    package var foreignArgument: String? { arguments.first { $0.contains("${") || $0 == "||" || $0 == "&&" } }

    /// The lines of the script.
    package var text: String {
        """
        #!ipxe
        # Starts \(image) over the network. Made by boatyard; docs/media.md says what is what.
        echo lifeboot: \(title) needs \(MediaContent.mebibytes(memory)) MiB of memory, because it is unpacked there
        set lifeboot_try:int32 0
        \(choice)
        :fetch
        imgfree
        kernel \(folder)/vmlinuz \(line) || goto failed
        initrd --name initrd.img \(folder)/initrd.img || goto failed
        initrd --name medium.cpio \(folder)/medium.cpio || goto failed
        boot || goto failed

        :failed
        inc lifeboot_try
        iseq ${lifeboot_try} \(Self.tries) && goto given_up ||
        echo lifeboot: the files could not be loaded; trying again in \(Self.pause) seconds
        sleep \(Self.pause)
        goto fetch

        :given_up
        echo lifeboot: \(image) cannot be loaded; the firmware starts what comes next
        exit 1

        """
    }

    private var folder: String { image.description }

    /// The kernel's command line.
    ///
    /// The names are what kernels of UEFI look for the files by; others do not mind.
    private var line: String {
        let own = ["initrd=initrd.img", "initrd=medium.cpio", "lifeboot.mode=live", "lifeboot.image=\(image)"]
        return (own + ["${lifeboot_install}"] + arguments + ["panic=5"]).joined(separator: " ")
    }

    /// What sets whether the machine is installed.
    private var choice: String {
        guard hasInstallation else { return "clear lifeboot_install ||" }
        if isUnattended { return "set lifeboot_install lifeboot.install=yes" }
        return """
            clear lifeboot_install ||
            prompt --key i --timeout \(Self.timeout)000 lifeboot: press i to install, which overwrites a disk && \
            set lifeboot_install lifeboot.install=yes ||
            """
    }
}
