import SystemPackage

/// Collects what a child prints, up to a limit.
struct CapturedBytes: Equatable, Sendable {
    /// Captures nothing.
    static let none = CapturedBytes(limit: 0, keepsTail: true)

    /// Most bytes that are kept.
    let limit: Int
    /// Whether the last bytes are kept when there are more; otherwise more is an overflow.
    let keepsTail: Bool
    private var collected: [UInt8] = []
    /// Whether there was more than may be captured.
    private(set) var overflowed = false

    init(limit: Int, keepsTail: Bool) {
        self.limit = max(0, limit)
        self.keepsTail = keepsTail
    }

    /// What was kept.
    var bytes: [UInt8] { keepsTail ? Array(collected.suffix(limit)) : collected }

    /// Adds bytes; a tail is cut back only now and then.
    mutating func append(_ bytes: some Collection<UInt8>) {
        if keepsTail {
            collected.append(contentsOf: bytes)
            if collected.count > limit + 65536 { collected = Array(collected.suffix(limit)) }
        } else if bytes.count > limit - collected.count {
            overflowed = true
        } else {
            collected.append(contentsOf: bytes)
        }
    }

    /// Reads a memory file from where its kept part starts.
    mutating func append(contentsOf file: FileDescriptor) throws(Errno) {
        let size = try catchingErrno { try file.seek(offset: 0, from: .end) }
        var offset = keepsTail ? max(0, size - Int64(limit)) : 0
        var buffer = [UInt8](repeating: 0, count: 65536)
        while offset < size, !overflowed {
            let count = try catchingErrno {
                try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(fromAbsoluteOffset: offset, into: $0) }
            }
            guard count > 0 else { return }
            append(buffer.prefix(count))
            offset += Int64(count)
        }
    }
}
