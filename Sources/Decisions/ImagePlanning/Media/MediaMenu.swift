package import ImageModel

/// Words GRUB's configuration of a medium: what it boots, and the list that somebody at the console chooses from.
///
/// The words and the waiting are those of `grub/grub.cfg` ([decision 0019](docs/decisions/0019-a-list-instead-of-grubs-menu.md)):
/// whatever arrives at the keyboard, the machine starts.
package struct MediaMenu: Equatable, Sendable {
    /// Seconds after which the default starts.
    package static let timeout = 10

    /// The image that boots.
    package var image: ImageID
    /// The images that boot in its place when its files are damaged, in this order.
    package var others: [ImageID]
    /// Whether the medium says how to install without asking.
    package var hasInstallation: Bool
    /// Whether that is what happens when nobody chooses.
    package var isUnattended: Bool

    /// Describes a medium.
    package init(_ image: ImageID, others: [ImageID] = [], hasInstallation: Bool = false, isUnattended: Bool = false) {
        self.image = image
        self.others = others
        self.hasInstallation = hasInstallation
        self.isUnattended = isUnattended
    }

    /// What is built into GRUB: it looks for the medium by what lies on it, because labels are cut and UUIDs are dates.
    ///
    /// Where that fails, the configuration of the device that GRUB came from is left, and looks again.
    package var early: String {
        """
        search --no-floppy --file --hint $root --set=root \(landmark)
        set prefix=($root)/boot/grub

        """
    }

    /// What leads the GRUB that a distribution has had signed to the configuration, from where it looks for its own.
    package var leading: String {
        """
        # Leads the GRUB that a distribution has had signed, which looks here, to the configuration of this medium.
        if search --no-floppy --file --hint $root --set=root \(landmark); then true; fi
        set prefix=($root)/boot/grub
        source $prefix/grub.cfg

        """
    }

    /// The configuration, in the tree of the medium and in the image that UEFI reads.
    package var configuration: String {
        """
        # Starts the system on this medium. Made by boatyard; docs/media.md says what is what.
        #
        # The rules of the configuration of disks hold: nothing waits for a key, every command that can fail is the condition of
        # an `if`, no entry returns, and no variable is trusted.

        # A machine without a serial port must not stop here.
        if serial --unit=0 --speed=115200; then
            if terminal_input --append serial; then true; fi
            if terminal_output --append serial; then true; fi
        fi

        # Found by what lies on it, first where GRUB came from: from a stick UEFI reads a partition of the medium.
        set lifeboot_medium="$root"
        regexp --set=1:lifeboot_disk '^([^,]+)' "$root"
        if search --no-floppy --file --hint "$root" --hint "$lifeboot_disk," --set=lifeboot_medium \(landmark); then true; fi

        \(MediaMenuText.booting)
        \(start)
        \(list)
        """
    }

    private var landmark: String { "/images/\(image)/\(ImageFile.manifest.rawValue)" }

    /// How each choice starts: another image stands in for one that is damaged, but is never installed in its place.
    private var start: String {
        let images = ([image] + others).map(\.description).joined(separator: " ")
        var functions = [("live", images, ""), ("memory", images, " lifeboot.toram=yes")]
        if hasInstallation { functions.append(("install", image.description, " lifeboot.install=yes")) }
        let lines =
            functions.flatMap { name, images, argument in
                [
                    "function lifeboot_\(name) {", "    set lifeboot_images=\"\(images)\"",
                    "    lifeboot_start\(argument)", "}", "",
                ]
            } + ["function lifeboot_automatic {", "    lifeboot_\(isUnattended ? "install" : "live")", "}"]
        return lines.map { $0 + "\n" }.joined()
    }

    /// The list and what its letters do.
    private var list: String {
        let words = choices.map { "    echo \"  \($0.key.uppercased())  \($0.words)\"\n" }.joined()
        return MediaMenuText.list(words: words, entries: choices.map(\.entry).joined(), timeout: Self.timeout)
    }

    private var choices: [MediaChoice] {
        var choices = [
            MediaChoice(key: "n", name: "Start", words: "START NOW", function: "lifeboot_automatic", isSure: true),
            MediaChoice(key: "l", name: "Live", words: "LIVE SYSTEM", function: "lifeboot_live"),
            MediaChoice(
                key: "m", name: "Live in memory", words: "LIVE SYSTEM, COPIED TO MEMORY", function: "lifeboot_memory"),
        ]
        if hasInstallation {
            choices.append(
                MediaChoice(
                    key: "i", name: "Install", words: "INSTALL, WHICH OVERWRITES A DISK", function: "lifeboot_install"))
        }
        return choices
    }
}

/// One letter of the list.
struct MediaChoice {
    /// The letter, a small one: what is printed is in capitals, so that a line that sends everything back chooses nothing.
    var key: String
    /// Its name in GRUB's own menu.
    var name: String
    /// What the list says.
    var words: String
    /// What it runs.
    var function: String
    /// Whether nobody is given the time to take it back.
    var isSure = false

    /// The entry of the menu.
    var entry: String {
        let head = "\"\(name)\" --unrestricted --hotkey=\(key) {\n"
        if isSure { return "    menuentry \(head)        \(function)\n    }\n" }
        return "    submenu \(head)        if lifeboot_confirmed \"\(words)\"; then \(function); fi\n    }\n"
    }
}
