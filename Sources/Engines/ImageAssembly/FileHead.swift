import ImagePlanning

/// Keeps the beginning of a file: all of a small text that is wanted, else enough to tell what it is.
struct FileHead {
    static let textLimit = 64 << 10
    private static let keyLimit = 16 << 10
    private static let programLength = 20

    /// The bytes so far.
    private(set) var bytes: [UInt8] = []
    private let isNamed: Bool
    private var limit: Int

    /// Begins a file.
    init(path: String) {
        isNamed = RootfsRules.isText(path: path)
        limit = isNamed ? Self.textLimit : Self.programLength
    }

    /// Whether nothing was read yet.
    var isEmpty: Bool { bytes.isEmpty }

    /// Whether the content of the file is wanted: by its name, or because it is a private key.
    var isText: Bool { isNamed || KeyInspection.isPrivate(bytes) }

    /// Takes the next bytes.
    mutating func take(_ buffer: [UInt8], _ count: Int) {
        if bytes.isEmpty, !isNamed, buffer.starts(with: KeyInspection.start) { limit = Self.keyLimit }
        if bytes.count < limit { bytes += buffer.prefix(min(count, limit - bytes.count)) }
    }
}
