import DocumentTree
import ImageModel

// The two formats that hold several texts: a MIME message, and a YAML list.

extension UserDataReader {
    /// Reads each part of a message; a message that is not of several parts is one part.
    mutating func split(_ bytes: [UInt8], _ name: String, _ depth: Int) {
        guard let message = MIMEEntity(heading: bytes[...]) else {
            return refuse(name, "it should be a MIME message, and has no header")
        }
        read(message, name, depth)
    }

    private mutating func read(_ entity: MIMEEntity, _ name: String, _ depth: Int) {
        guard depth < limits.depth else {
            return refuse(name, "there are more than \(limits.depth) containers around it")
        }
        let format = UserDataFormat(mediaType: entity.mediaType ?? "text/plain")
        guard format == .multipart else {
            guard let body = entity.decodedBody else {
                return refuse(name, "its transfer encoding '\(entity.encoding)' is not known, or its text is damaged")
            }
            return read(body, as: format, name: name, depth: depth + 1)
        }
        guard let boundary = entity.boundary, (1...200).contains(boundary.utf8.count) else {
            return refuse(name, "it has several parts and does not name their boundary")
        }
        let body = MultipartBody(entity.body, boundary: boundary, limit: limits.parts)
        if body.parts.isEmpty { refuse(name, "no part begins with its boundary '\(boundary)'") }
        for (index, part) in body.parts.enumerated() {
            let isCut = !body.isClosed && index == body.parts.count - 1
            read(part: part, number: index + 1, isCut: isCut, depth)
        }
    }

    private mutating func read(part: ArraySlice<UInt8>, number: Int, isCut: Bool, _ depth: Int) {
        let plain = PartName.numbered(number)
        guard let entity = MIMEEntity(part: part) else {
            return refuse(plain, "its header has a line that is no field")
        }
        let name = PartName.safe(entity.fileName) ?? plain
        if isCut { return refuse(name, "the message ends without its closing boundary, so the text may be cut") }
        read(entity, name, depth + 1)
    }

    /// Reads each item of a `#cloud-config-archive`: a text, or a mapping with `type`, `content` and `filename`.
    mutating func list(_ bytes: [UInt8], _ name: String, _ depth: Int) {
        let items: [DocumentNode]
        do {
            guard case .sequence(let found)? = try tools.parse(bytes)?.content else {
                return refuse(name, "it should be a list of parts, and is none")
            }
            items = found
        } catch { return refuse(name, "\(error)") }
        for (index, item) in items.enumerated() {
            guard index <= limits.parts else { break }
            do { try read(item, number: index + 1, depth) } catch { refuse(PartName.numbered(index + 1), "\(error)") }
        }
    }

    private mutating func read(_ item: DocumentNode, number: Int, _ depth: Int) throws(DocumentError) {
        var part = ArchivedPart(content: item)
        if item.isMapping {
            part = ArchivedPart()
            try ArchivedPart.table.read(item, into: &part)
        }
        let name = PartName.safe(part.fileName) ?? PartName.numbered(number)
        guard let content = part.content else { return refuse(name, "it has no content") }
        let bytes = try ArchivedPart.bytes(content)
        var format = part.type.map { UserDataFormat(mediaType: $0) } ?? .undeclared
        // Without a type and a beginning that tells it, a part is a configuration.
        if format == .undeclared, UserDataFormat(beginningOf: bytes) == .undeclared { format = .cloudConfig }
        read(bytes, as: format, name: name, depth: depth + 1)
    }
}

/// One item of a `#cloud-config-archive`.
private struct ArchivedPart {
    var type: String?
    var fileName: String?
    var content: DocumentNode?

    static let table = DocumentTable<ArchivedPart>(
        "a part", emptyIsAbsent: true,
        [
            DocumentKey("type", .text, "The media type.") { $0.type = $1 },
            DocumentKey("content", .node, "The text.") { $0.content = $1 },
            DocumentKey("filename", .text, "The name of the file.") { $0.fileName = $1 },
            DocumentKey("launch-index", .node, "Ignored.") { _, _ in },
        ])

    static func bytes(_ node: DocumentNode) throws(DocumentError) -> [UInt8] {
        guard node.isBinary, case .scalar(let text, _) = node.content else {
            return Array(try node.scalar("content").utf8)
        }
        guard let bytes = Base64.decode(text.utf8.filter({ !ByteLines.isSpace($0) })) else {
            throw DocumentError(at: node.mark, "the !!binary text is no base64")
        }
        return bytes
    }
}

/// Gives parts names that are safe to print and to make files of.
enum PartName {
    /// `part-001`, as cloud-init numbers parts.
    static func numbered(_ number: Int) -> String {
        "part-" + String(repeating: "0", count: max(0, 3 - "\(number)".utf8.count)) + "\(number)"
    }

    /// The last component of a file name in plain characters, at most 64; nil when nothing is left of it.
    static func safe(_ fileName: String?) -> String? {
        guard let last = fileName?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else { return nil }
        let name = String(last.prefix(64).map { $0.isPlain ? $0 : "_" })
        return name.hasPrefix(".") ? nil : name
    }
}
