import DiskContract
package import DocumentTree
import JSONText
import SystemPackage

/// What a layout file says, before it is known what counts where it says nothing.
package struct LayoutDocument: Sendable {
    var layout = Layout.default
    /// Nil when the file does not say which paths are ephemeral; the default ones then give way to other keys.
    var ephemeralPaths: [FilePath]?
    /// Nil when the file does not say it.
    var persistentRequired: Bool?
    /// Nil when the file does not say it.
    var persistentEncrypted: Bool?

    /// Every key of a layout file.
    package static let table = DocumentTable<LayoutDocument>(
        "the layout",
        [
            DocumentKey("ephemeral", ephemeral, "What is gone after a reboot."),
            DocumentKey("persistent", persistent, "What survives reboots and upgrades."),
            DocumentKey(
                "volumes", .list(of: .table(volume, from: unnamedVolume), "a volume"), default: [],
                "Further filesystems, mounted at every boot, parents before children."
            ) { $0.layout.volumes = $1 },
        ])

    private static let ephemeral: [DocumentKey<LayoutDocument>] = [
        DocumentKey(
            "store", .store, default: "tmpfs:25%",
            """
            Where writes go: memory, limited to a percentage (`tmpfs:25%`) or a size (`tmpfs:512M`), or a device, which \
            is emptied at each boot. `lifeboot.overlay=` on the kernel command line wins.
            """
        ) { $0.layout.store = $1 },
        DocumentKey(
            "paths", .mountPoints, default: ["/etc", "/var", "/srv", "/root", "/home", "/opt", "/tmp"],
            "Folders that get a writable overlay. Without this key those are left out that another key names."
        ) { $0.ephemeralPaths = $1 },
    ]

    private static let persistent: [DocumentKey<LayoutDocument>] = [
        DocumentKey(
            "device", .device,
            "Where persistent data lies. Without this key it is the partition `persistent` of the boot disk."
        ) { $0.layout.persistentDevice = $1 },
        DocumentKey(
            "key-file", .keyFile, default: .string(MachinePaths.persistentKey.string),
            "The key file that opens the device when it is encrypted: a path in the image or on OEM."
        ) { $0.layout.persistentKeyFile = $1 },
        DocumentKey(
            "encrypted", .truth,
            """
            Whether a device that is not encrypted is refused. Without this key it is when `key-file` names a key.
            """
        ) { $0.persistentEncrypted = $1 },
        DocumentKey(
            "mode", .choice, default: "overlay",
            """
            How a path is kept. `overlay`: files of the image shine through where nothing was changed. `bind`: a folder \
            of its own, filled from the image once.
            """
        ) { $0.layout.persistentMode = $1 },
        DocumentKey("paths", .mountPoints, default: [], "Folders that persist.") { $0.layout.persistentPaths = $1 },
        DocumentKey(
            "required", .truth,
            "Whether a boot fails without the persistent device. Without this key it does when `paths` names any."
        ) { $0.persistentRequired = $1 },
    ]

    private static let volume = DocumentTable<Layout.Volume>(
        "a volume",
        [
            DocumentKey("device", .device, required: true, "The device.") { $0.device = $1 },
            DocumentKey("path", .volumePoint, required: true, "Where it is mounted.") { $0.path = $1 },
            DocumentKey(
                "filesystem", .text, "The filesystem's type. Without this key the device is looked at."
            ) { $0.filesystem = $1 },
            DocumentKey(
                "options", .list(of: .mountOption, "an option"), default: [],
                "Mount options. `nosuid` and `nodev` are added unless `suid` or `dev` says otherwise."
            ) { $0.options = $1 },
            DocumentKey("required", .truth, default: true, "Whether a boot fails without it.") { $0.required = $1 },
        ])

    /// A volume before its required keys are read.
    private static let unnamedVolume = Layout.Volume(device: .path("/dev/null"), path: "/")
}

extension Layout {
    /// Reads a layout file's document; keys that are absent keep the default.
    ///
    /// - Throws: `DocumentError` for an unknown key, a value that its key does not take, or a path named twice.
    package init(_ document: DocumentNode) throws(DocumentError) {
        var said = LayoutDocument()
        try LayoutDocument.table.read(document, into: &said)
        self = said.layout
        persistentRequired = said.persistentRequired ?? !persistentPaths.isEmpty
        persistentEncrypted = said.persistentEncrypted ?? (persistentKeyFile != nil)
        if persistentKeyFile != nil, !persistentEncrypted {
            throw DocumentError(
                at: document.mark, "persistent has a key-file and is not encrypted; leave one of them out")
        }
        let others = persistentPaths + volumes.map(\.path)
        ephemeralPaths = said.ephemeralPaths ?? ephemeralPaths.filter { !others.contains($0) }
        try checkOverlap(at: document.mark)
    }

    /// Refuses a path that is kept two ways, which would hide one of them.
    private func checkOverlap(at mark: DocumentMark) throws(DocumentError) {
        var seen: Set<FilePath> = []
        for path in ephemeralPaths + persistentPaths + volumes.map(\.path) {
            guard seen.insert(path).inserted else { throw DocumentError(at: mark, "\(path) is named twice") }
        }
    }
}
