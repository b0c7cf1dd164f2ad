import ShellConditions

/// Files by their paths, as a condition sees them.
struct FakeFiles: ConditionFiles {
    /// What a path holds.
    enum Content: Sendable {
        case text(String)
        case bytes([UInt8])
        case folder
        /// A file that only the shell may read.
        case pipe
        case danglingLink
    }

    var files: [String: Content]

    init(_ files: [String: Content] = [:]) { self.files = files }

    func attributes(of path: String) -> FileAttributes? {
        switch files[path] {
        case nil: nil
        case .text(let text): FileAttributes(target: FileTarget(.regular, size: text.utf8.count))
        case .bytes(let bytes): FileAttributes(target: FileTarget(.regular, size: bytes.count))
        case .folder: FileAttributes(target: FileTarget(.folder, size: 40, isExecutable: true))
        case .pipe: FileAttributes(target: FileTarget(.other, size: 0))
        case .danglingLink: FileAttributes(isLink: true, target: nil)
        }
    }

    func contents(of path: String, atMost limit: Int) -> FileContents {
        switch files[path] {
        case .text(let text): text.utf8.count > limit ? .unknown : .bytes(Array(text.utf8))
        case .bytes(let bytes): bytes.count > limit ? .unknown : .bytes(bytes)
        case .pipe: .unknown
        case nil, .folder, .danglingLink: .unreadable
        }
    }
}
