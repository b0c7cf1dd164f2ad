/// Names what a text of user data is, and knows how each is told by its beginning and by its media type.
enum UserDataFormat: Equatable {
    case cloudConfig, script, include, archive, multipart, gzip
    /// To be seen from the text.
    case undeclared
    /// Known, but not taken: what it is called, and why.
    case refused(name: String, reason: String)

    static let jinja = Self.refused(name: "a Jinja template", reason: "templates of cloud-init are not filled in")
    static let boothook = Self.refused(
        name: "#cloud-boothook", reason: "write a stage such as 'boot.before' with the commands instead")
    static let handler = Self.refused(name: "#part-handler", reason: "programs in Python are not run")
    static let patch = Self.refused(name: "#cloud-config-jsonp", reason: "patches are not applied; write the keys out")
    static let upstart = Self.refused(name: "#upstart-job", reason: "there is no Upstart; write a unit of systemd")

    /// Beginnings of texts in small letters, longer ones first where one begins like another (cloud-init's `handlers`).
    private static let beginnings: [(text: String, isWord: Bool, format: Self)] = [
        ("## template: jinja", false, .jinja),
        ("#cloud-config-archive", false, .archive),
        ("#cloud-config-jsonp", false, .patch),
        ("#cloud-config", true, .cloudConfig),
        ("#cloud-boothook", false, .boothook),
        ("#part-handler", false, .handler),
        ("#upstart-job", false, .upstart),
        ("#include", false, .include),
        ("#!", false, .script),
    ]

    /// Media types in small letters.
    private static let mediaTypes: [String: Self] = [
        "text/cloud-config": .cloudConfig,
        "text/x-shellscript": .script,
        "text/x-include-url": .include,
        "text/x-include-once-url": .include,
        "text/cloud-config-archive": .archive,
        "text/cloud-boothook": .boothook,
        "text/part-handler": .handler,
        "text/jinja2": .jinja,
        "text/cloud-config-jsonp": .patch,
        "text/upstart-job": .upstart,
        "text/plain": .undeclared,
        "text/x-not-multipart": .undeclared,
        "text/yaml": .undeclared,
        "application/octet-stream": .undeclared,
        "application/gzip": .gzip,
        "application/x-gzip": .gzip,
        "application/x-gunzip": .gzip,
        "application/gzipped": .gzip,
        "application/gzip-compressed": .gzip,
        "application/x-gzip-compressed": .gzip,
    ]

    /// Tells a format by its media type, in any capitals.
    init(mediaType: String) {
        let type = mediaType.asciiLowercased
        self =
            type.hasPrefix("multipart/")
            ? .multipart : Self.mediaTypes[type] ?? .refused(name: "type '\(type)'", reason: "it is not known")
    }

    /// Tells a format by how a text begins.
    ///
    /// The word `#cloud-config` may stand in the first nine lines, behind comments and empty lines, as in the family;
    /// the others are the first thing in the text.
    init(beginningOf text: [UInt8]) {
        if text.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if let format = Self.format(of: ByteLines.trimmed(text[...])) {
            self = format
        } else if MIMEEntity(heading: text[...]) != nil {
            self = .multipart
        } else {
            self = Self.hasLateHeader(text) ? .cloudConfig : .undeclared
        }
    }

    private static func format(of text: ArraySlice<UInt8>) -> Self? {
        beginnings.first { beginning in
            let head = text.prefix(beginning.text.utf8.count)
            guard head.elementsEqual(beginning.text.utf8, by: { $0.asciiLowercased == $1 }) else { return false }
            guard beginning.isWord, let line = ByteLines(text).first(where: { _ in true }) else { return true }
            return ByteLines.trimmed(line.dropFirst(head.count)).isEmpty
        }?.format
    }

    private static func hasLateHeader(_ text: [UInt8]) -> Bool {
        for line in ByteLines(text[...]).prefix(9) {
            let trimmed = ByteLines.trimmed(line)
            if trimmed.isEmpty { continue }
            guard trimmed.first == UInt8(ascii: "#") else { return false }
            if trimmed.elementsEqual("#cloud-config".utf8) { return true }
        }
        return false
    }
}
