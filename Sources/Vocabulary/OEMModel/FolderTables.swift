import DocumentTree
import JSONText

/// An entry of `directories` as it is written.
struct DirectoryKeys: Sendable {
    var directory = DirectoryDirective()
    var owner = OwnerKeys()

    static let table = DocumentTable<DirectoryKeys>(
        "a directory", emptyIsAbsent: true,
        [
            DocumentKey("path", .target, required: true, "The folder; parents that are missing are made, too.") {
                $0.directory.path = $1
            },
            DocumentKey(
                "permissions", .mode, default: "0755",
                "Its permissions, octal. Without this key those of an existing folder stay."
            ) { $0.directory.mode = $1 },
        ] + OwnerKeys.keys { $1(&$0.owner) })
}

extension DocumentValue where Value == DirectoryDirective {
    /// A folder of `directories`.
    static var directory: Self {
        Self(.table(DirectoryKeys.table.entries)) { (node, _) throws(DocumentError) in
            var keys = DirectoryKeys()
            try DirectoryKeys.table.read(node, into: &keys)
            keys.directory.owner = keys.owner.owner
            keys.directory.mark = node.mark
            return keys.directory
        }
    }
}

/// An entry of `downloads` as it is written.
struct DownloadKeys: Sendable {
    var download = DownloadDirective()
    var owner = OwnerKeys()

    static let table = DocumentTable<DownloadKeys>(
        "a download", emptyIsAbsent: true,
        [
            DocumentKey("url", .address, required: true, "Where it comes from: `https://` or `http://`.") {
                $0.download.url = $1
            },
            DocumentKey(
                "path", .target, required: true,
                "Where it goes. After a `/` at the end comes the last part of the address."
            ) { $0.download.path = $1 },
            DocumentKey("permissions", .mode, default: "0644", "Its permissions, octal.") { $0.download.mode = $1 },
            DocumentKey("timeout", .integer(0...86_400), "How long it may take, in seconds; 0 for the usual limit.") {
                $0.download.timeout = $1 == 0 ? nil : $1
            },
        ] + OwnerKeys.keys { $1(&$0.owner) })
}

extension DocumentValue where Value == DownloadDirective {
    /// A file of `downloads`.
    static var download: Self {
        Self(.table(DownloadKeys.table.entries)) { (node, _) throws(DocumentError) in
            var keys = DownloadKeys()
            try DownloadKeys.table.read(node, into: &keys)
            keys.download.owner = keys.owner.owner
            keys.download.mark = node.mark
            return keys.download
        }
    }
}

extension DocumentValue where Value == String {
    /// The address of something on the network.
    static var address: Self {
        Self(.text("an address", pattern: "^https?://")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.allSatisfy({ $0 > 0x20 }) else {
                throw DocumentError(at: node.mark, "\(name) must begin with https:// or http://, not '\(text)'")
            }
            return text
        }
    }
}
