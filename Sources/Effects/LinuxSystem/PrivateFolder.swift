package import SystemPackage

/// Owns a new folder that only this user may enter, and removes it with all that is in it.
package struct PrivateFolder: ~Copyable {
    /// Where it is.
    package let path: FilePath

    /// Makes it in a folder, which is made where it is missing.
    ///
    /// - Parameters:
    ///   - parent: for secrets best one in memory, so that no disk keeps what was in it.
    ///   - prefix: how its name begins.
    /// - Throws: `SystemError` when it cannot be made.
    package init(in parent: FilePath, prefix: String = "private") throws(SystemError) {
        try Folders.make(parent)
        var random = EarlyRandom()
        let number = String(random.next(), radix: 36)
        let path = parent.appending("\(prefix)-\(number)")
        try Folders.makeNew(path, permissions: 0o700)
        self.path = path
    }

    /// Puts a file into it that only this user may read.
    ///
    /// - Throws: `SystemError` when it cannot be written.
    package borrowing func write(_ bytes: [UInt8], to name: String) throws(SystemError) {
        try AtomicFile.write(bytes, to: path.appending(name), permissions: .ownerReadWrite)
    }

    deinit { try? Folders.remove(path, .tree) }
}
