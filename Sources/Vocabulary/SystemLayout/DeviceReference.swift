package import SystemPackage

/// Names a block device the way fstab and the kernel command line do: `LABEL=`, `UUID=`, `PARTLABEL=`, `PARTUUID=` or a
/// path below `/dev`.
package enum DeviceReference: Hashable, Sendable {
    /// Partition GUID, lower case (`PARTUUID=`).
    case partitionUUID(String)
    /// Partition name in the GPT (`PARTLABEL=`).
    case partitionLabel(String)
    /// Filesystem UUID as written (`UUID=`); compared without regard to case.
    case uuid(String)
    /// Filesystem label (`LABEL=`).
    case label(String)
    /// Device node below `/dev`.
    case path(FilePath)

    /// Reads one reference; the value may stand in double quotes.
    ///
    /// udev's links (`/dev/disk/by-label/x` and its three siblings) become the reference they stand for, because the
    /// initramfs does not wait for udev.
    /// - Throws: `DeviceReferenceError` for an empty value, an unknown form, a control character or a path not below
    ///   `/dev`.
    package init(parsing text: String) throws(DeviceReferenceError) {
        if text.hasPrefix("/") {
            self = try Self.path(parsing: text)
            return
        }
        guard let equals = text.firstIndex(of: "=") else { throw DeviceReferenceError(text, .unknownForm) }
        let value = try Self.value(text[text.index(after: equals)...], of: text)
        switch text[..<equals] {
        case "PARTUUID": self = .partitionUUID(value.lowercased())
        case "PARTLABEL": self = .partitionLabel(value)
        case "UUID": self = .uuid(value)
        case "LABEL": self = .label(value)
        default: throw DeviceReferenceError(text, .unknownForm)
        }
    }

    /// Takes the quotes off and refuses what no label holds.
    private static func value(_ raw: Substring, of text: String) throws(DeviceReferenceError) -> String {
        var value = raw
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
            value = value.dropFirst().dropLast()
        }
        guard !value.isEmpty else { throw DeviceReferenceError(text, .empty) }
        guard value.utf8.count <= 255, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw DeviceReferenceError(text, .badCharacters)
        }
        return String(value)
    }

    /// Reads a path below `/dev`, translating udev's links.
    private static func path(parsing text: String) throws(DeviceReferenceError) -> DeviceReference {
        for (folder, keyword) in udevFolders where text.hasPrefix(folder) {
            return try DeviceReference(parsing: keyword + unescaped(text.dropFirst(folder.count)))
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count > 1, parts.first == "dev", !parts.contains(".."), !parts.contains(".") else {
            throw DeviceReferenceError(text, .outsideDev)
        }
        return .path(FilePath(try value(Substring(text), of: text)))
    }

    private static let udevFolders = [
        ("/dev/disk/by-partuuid/", "PARTUUID="), ("/dev/disk/by-partlabel/", "PARTLABEL="),
        ("/dev/disk/by-uuid/", "UUID="), ("/dev/disk/by-label/", "LABEL="),
    ]

    /// Undoes udev's `\x20` escapes; what is not one stays as it is.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let code = UInt8(String(Substring(rest.dropFirst().prefix(2))), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension DeviceReference: CustomStringConvertible {
    /// The form that `init(parsing:)` reads, without quotes.
    package var description: String {
        switch self {
        case .partitionUUID(let value): "PARTUUID=\(value)"
        case .partitionLabel(let value): "PARTLABEL=\(value)"
        case .uuid(let value): "UUID=\(value)"
        case .label(let value): "LABEL=\(value)"
        case .path(let path): path.string
        }
    }
}

/// Says why a text is not a device reference.
package struct DeviceReferenceError: Error, Equatable, CustomStringConvertible {
    /// What is wrong with the text.
    package enum Reason: String, Sendable {
        /// Nothing after the equals sign.
        case empty = "the value is empty"
        /// No known keyword.
        case unknownForm = "not LABEL=, UUID=, PARTLABEL=, PARTUUID= or a path"
        /// A control character, or more than 255 bytes.
        case badCharacters = "a control character or more than 255 bytes"
        /// A path that is not below `/dev`.
        case outsideDev = "the path is not below /dev"
    }

    /// The text that was read.
    package let text: String
    /// What is wrong with it.
    package let reason: Reason

    init(_ text: String, _ reason: Reason) {
        self.text = text
        self.reason = reason
    }

    /// One sentence with the remedy.
    package var description: String {
        "reading device reference \"\(text)\": \(reason.rawValue). Write for example PARTLABEL=state."
    }
}
