package import DocumentTree
package import Faults
package import ImageModel
package import ImagePlanning
import JSONText
import SystemPackage

/// What a medium's `install.yaml` says: how a machine is installed that nobody watches.
package struct InstallFile: Equatable, Sendable {
    /// How the persistent partition is made.
    package enum Encryption: String, CaseIterable, Sendable {
        /// A plain filesystem.
        case none
        /// LUKS2 with the medium's key, else a random one, on the OEM partition.
        case key
        /// LUKS2 with the passphrase on the medium.
        case passphrase
    }

    /// What the machine does at the end.
    package enum Ending: String, CaseIterable, Sendable {
        /// It starts again.
        case reboot
        /// It is switched off.
        case poweroff
        /// It stays the live system that it is.
        case nothing
    }

    /// The name of the file, at the root of the medium.
    package static let name = "install.yaml"
    /// The name of the file beside it whose first line is the passphrase.
    package static let passphraseName = "install.passphrase"
    /// The largest file that is read, in bytes.
    package static let sizeLimit = 64 << 10

    /// Which disk it goes on.
    package var disk = DiskSelection()
    /// The image; nil for the one that runs.
    package var image: ImageID?
    /// The sizes of the partitions.
    package var sizes = DiskSizes()
    /// How the persistent partition is made.
    package var encryption = Encryption.none
    /// Whether an installation may be overwritten.
    package var isForced = false
    /// What the machine does when it was installed.
    package var ending = Ending.poweroff
    /// What the machine does when it was installed before.
    package var endingWhenInstalled = Ending.poweroff

    /// Says nothing yet.
    init() {}

    /// Reads the bytes of the file.
    ///
    /// - Parameters:
    ///   - file: what messages call it.
    ///   - parse: the parser of YAML; nil for an empty document.
    /// - Throws: `Refusal` with line and column.
    package init(
        _ bytes: [UInt8], of file: String, parse: ([UInt8]) throws(DocumentError) -> DocumentNode?
    ) throws(Refusal) {
        do throws(DocumentError) {
            guard let document = try parse(bytes) else {
                throw DocumentError(at: DocumentMark(line: 1, column: 1), "the file is empty")
            }
            try self.init(document)
        } catch {
            throw Refusal(
                .impossible, "reading", file, cause: "\(error)", remedy: "Correct the file; nothing was done.",
                underlying: error)
        }
    }

    /// Reads the file's document.
    ///
    /// - Throws: `DocumentError` for an unknown key, a value that its key does not take, a file that does not say which
    ///   disk is meant, or sizes that no disk can have.
    package init(_ document: DocumentNode) throws(DocumentError) {
        try Self.table.read(document, into: &self)
        guard disk != DiskSelection() else {
            let keys = DiskSelection.table.entries.map(\.name).joined(separator: " or ")
            throw DocumentError(at: document.mark, "it does not say which disk; write a disk with \(keys)")
        }
        do throws(DiskLayoutError) { _ = try DiskLayout(sizes) } catch {
            throw DocumentError(at: document.mark, "sizes: \(error.subject): \(error.cause)")
        }
    }
}

extension InstallFile {
    /// Every key of the file.
    package static let table = DocumentTable<InstallFile>(
        "the installation",
        [
            DocumentKey(
                "disk", .table(DiskSelection.table, from: DiskSelection()), required: true,
                "Which disk it goes on; at least one key. All that is said must be true of exactly one disk, or nothing is done."
            ) { $0.disk = $1 },
            DocumentKey(
                "image", .imageID,
                "The id of an image on the medium. Without this key it is the one that runs."
            ) { $0.image = $1 },
            DocumentKey(
                "sizes", sizeKeys, "Sizes of partitions: whole numbers, with K, M, G or T for powers of 1,024 bytes."),
            DocumentKey(
                "encryption", .choice, default: "none",
                """
                How the persistent partition is made. `key`: LUKS2, opened by the key on the OEM partition, which is \
                `oem/lifeboot/persistent.key` of the medium, else a random one. `passphrase`: LUKS2, opened by the first line \
                of `install.passphrase` at the root of the medium.
                """
            ) { $0.encryption = $1 },
            DocumentKey(
                "force", .truth, default: false,
                "Whether it may overwrite another installation, or what was a member of something; as `--force`."
            ) { $0.isForced = $1 },
            DocumentKey("after", .choice, default: "poweroff", "What the machine does when it was installed.") {
                $0.ending = $1
            },
            DocumentKey(
                "when-installed", .choice, default: "poweroff",
                "What it does when the disk has this installation already."
            ) { $0.endingWhenInstalled = $1 },
        ])

    private static let sizeKeys: [DocumentKey<InstallFile>] = [
        DocumentKey("boot", .size, "The boot partition.") { $0.sizes.boot = $1 },
        DocumentKey(
            "oem", .size, "The OEM partition. Without this key it has 64 MiB, or room for twice its files."
        ) { $0.sizes.oem = $1 },
        DocumentKey(
            "recovery", .size,
            """
            The recovery partition. Without this key it has 2 GiB, or an eighth of a disk of less than 16 GiB, and room for \
            two images where there is.
            """
        ) { $0.sizes.recovery = $1 },
        DocumentKey(
            "state", .size,
            """
            The state partition. Without this key it has 8 GiB, or half of a disk of less than 16 GiB, and room for three \
            images where there is.
            """
        ) { $0.sizes.state = $1 },
        DocumentKey(
            "persistent", .sizeOrRest, default: "rest", "The persistent partition; `rest` is what is left of the disk."
        ) { $0.sizes.persistent = $1 },
    ]
}
