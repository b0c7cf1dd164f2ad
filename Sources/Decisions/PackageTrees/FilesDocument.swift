// The list of files of a package lies beside it in the registry, so that packages can be joined, and compared, before
// anything of them is fetched.
import ImageModel
import JSONText
package import RegistryModel
import TreeModel

/// Reads and writes `files.json`: what an artefact carries, and what it takes away.
package enum FilesDocument {
    /// The only version of the format.
    package static let format: Int64 = 1
    /// The largest document that is read, in bytes: some 400,000 files.
    package static let sizeLimit = 64 << 20
    /// The most files that are read.
    package static let fileLimit = 500_000
    /// The most extended attributes of one file; the names of all may have 64 KiB (xattr(7)).
    private static let attributeLimit = 1_024

    /// The document, canonical: the same artefact gives the same bytes.
    package static func bytes(of artefact: Artefact) -> [UInt8] {
        var object: JSONObject = ["format": .integer(format)]
        object["files"] = .array(artefact.listing.entries.map { .object($0.json) })
        if !artefact.removed.isEmpty { object["removed"] = .array(artefact.removed.map { .string("\($0)") }) }
        return JSONValue.object(object).serialized() + [0x0A]
    }

    /// Reads a document; what vouches for it is the digest by which it was found.
    ///
    /// - Throws: `RegistryModelError` with the place of the first fault.
    package static func artefact(parsing bytes: [UInt8]) throws(RegistryModelError) -> Artefact {
        let reader = try DocumentReader(
            parsing: bytes, maximum: sizeLimit, operation: "reading the package's list of files",
            remedy: "Publish the package again.")
        guard try reader.integer("format", in: 0...Int64.max) == format else {
            throw reader.fault("format", "this program reads only format \(format)")
        }
        var (entries, removed): ([TreeEntry], [EntryPath]) = ([], [])
        for child in try reader.children("files", atMost: fileLimit) { entries.append(try entry(child)) }
        for element in try reader.elements("removed", atMost: fileLimit) ?? [] {
            guard let path = element.text.flatMap(path) else { throw reader.fault("removed", "expected paths") }
            removed.append(path)
        }
        let listing = TreeListing(entries)
        guard listing.entries.count == entries.count else { throw reader.fault("files", "a path is named twice") }
        for entry in listing.entries where entry.path.parent.map({ $0 != .root && listing[$0] == nil }) ?? false {
            throw reader.fault("files", "the folder of \("\(entry.path)".quoted) is not named")
        }
        return Artefact(listing, removed: removed)
    }

    private static func entry(_ reader: DocumentReader) throws(RegistryModelError) -> TreeEntry {
        let limit = Int64(UInt32.max)
        guard let place = path(try reader.text("path")) else { throw reader.fault("path", "expected a path") }
        guard let mode = UInt16(try reader.text("mode"), radix: 8), mode <= 0o7777 else {
            throw reader.fault("mode", "expected octal digits")
        }
        var entry = TreeEntry(path: place, kind: try kind(reader), permissions: mode)
        entry.owner = UInt32(clamping: reader.object["owner"] == nil ? 0 : try reader.integer("owner", in: 0...limit))
        entry.group = UInt32(clamping: reader.object["group"] == nil ? 0 : try reader.integer("group", in: 0...limit))
        if let first = try reader.optionalText("first") {
            guard let name = path(first) else { throw reader.fault("first", "expected a path") }
            entry.firstName = name
        }
        let attributes = try reader.texts("attributes")
        guard attributes.count <= attributeLimit else { throw reader.fault("attributes", "there are too many") }
        for (name, value) in attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard let bytes = Base64.decode(value.utf8) else { throw reader.fault("attributes", "expected base64") }
            entry.attributes.append(FileAttribute(name: Array(name.utf8), value: bytes))
        }
        return entry
    }

    private static func kind(_ reader: DocumentReader) throws(RegistryModelError) -> TreeEntry.Kind {
        let type = try reader.optionalText("type") ?? "file"
        func number(_ name: String) throws(RegistryModelError) -> UInt32 {
            UInt32(clamping: try reader.integer(name, in: 0...Int64(UInt32.max)))
        }
        switch type {
        case "file":
            return .regular(size: try reader.integer("size", in: 0...1 << 50), digest: try reader.digest("digest"))
        case "folder": return .directory
        case "link": return .symbolicLink(target: Array(try reader.text("target").utf8))
        case "character": return .characterDevice(major: try number("major"), minor: try number("minor"))
        case "block": return .blockDevice(major: try number("major"), minor: try number("minor"))
        case "pipe": return .fifo
        default: throw reader.fault("type", "\(type.quoted) is no kind of file")
        }
    }

    /// A path as it is written; nil for what could be written shorter, or that no package may have.
    private static func path(_ text: String) -> EntryPath? {
        guard let path = EntryPath(normalizing: text.utf8), path != .root, path.bytes.elementsEqual(text.utf8),
            path.isText, !path.isWhiteout
        else { return nil }
        return path
    }
}

extension TreeEntry {
    /// The members, in a fixed order; what is usual is left out.
    fileprivate var json: JSONObject {
        var object: JSONObject = ["path": .string("\(path)")]
        for (name, value) in kindMembers { object[name] = value }
        let digits = String(permissions, radix: 8)
        object["mode"] = .string(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
        if owner != 0 { object["owner"] = .integer(Int64(owner)) }
        if group != 0 { object["group"] = .integer(Int64(group)) }
        object["first"] = firstName.map { .string("\($0)") }
        if !attributes.isEmpty {
            var members = JSONObject()
            for attribute in attributes {
                members[String(decoding: attribute.name, as: UTF8.self)] = .string(Base64.encode(attribute.value))
            }
            object["attributes"] = .object(members)
        }
        return object
    }

    private var kindMembers: [(String, JSONValue)] {
        switch kind {
        case .regular(let size, let digest): [("size", .integer(size)), ("digest", .string(digest.registryText))]
        case .directory: [("type", "folder")]
        case .symbolicLink(let target):
            [("type", "link"), ("target", .string(String(decoding: target, as: UTF8.self)))]
        case .characterDevice(let major, let minor):
            [("type", "character"), ("major", .integer(Int64(major))), ("minor", .integer(Int64(minor)))]
        case .blockDevice(let major, let minor):
            [("type", "block"), ("major", .integer(Int64(major))), ("minor", .integer(Int64(minor)))]
        case .fifo: [("type", "pipe")]
        }
    }
}
