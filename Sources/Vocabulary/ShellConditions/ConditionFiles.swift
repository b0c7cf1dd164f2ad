/// The files that conditions ask for, below whatever root.
///
/// Every path begins with `/` and is otherwise as written: it may hold `..`, `//` or end with `/`.
package protocol ConditionFiles {
    /// Looks a path up; nil when nothing has this name, or it cannot be reached.
    func attributes(of path: String) -> FileAttributes?

    /// Reads a whole file, but never waits: what is neither a regular file nor a folder is `unknown`.
    ///
    /// - Parameter limit: bytes; a longer file is `unknown`.
    func contents(of path: String, atMost limit: Int) -> FileContents
}

/// What `test` can ask of a path.
package struct FileAttributes: Equatable, Sendable {
    /// Whether the path itself is a symbolic link, which may lead nowhere.
    package var isLink: Bool
    /// What is there when links are followed; nil when a link leads nowhere.
    package var target: FileTarget?

    /// Says what was found.
    package init(isLink: Bool = false, target: FileTarget?) {
        self.isLink = isLink
        self.target = target
    }
}

/// A file that is there, after links.
package struct FileTarget: Equatable, Sendable {
    /// The kinds that conditions tell apart.
    package enum Kind: Equatable, Sendable { case regular, folder, other }

    /// What it is.
    package var kind: Kind
    /// Bytes, as stat(2) says.
    package var size: Int
    /// Whether this process may read it, as faccessat(2) says with AT_EACCESS.
    package var isReadable: Bool
    /// Whether this process may write to it, a read-only filesystem included.
    package var isWritable: Bool
    /// Whether this process may run or search it.
    package var isExecutable: Bool

    /// Says what was found.
    package init(
        _ kind: Kind, size: Int, isReadable: Bool = true, isWritable: Bool = true, isExecutable: Bool = false
    ) {
        self.kind = kind
        self.size = size
        self.isReadable = isReadable
        self.isWritable = isWritable
        self.isExecutable = isExecutable
    }
}

/// What came of reading a file.
package enum FileContents: Equatable, Sendable {
    /// All bytes of a regular file.
    case bytes([UInt8])
    /// It is not there, is a folder, or must not be read: a tool would complain.
    case unreadable
    /// It is too long, no regular file, or reading failed half-way: the shell must decide.
    case unknown
}
