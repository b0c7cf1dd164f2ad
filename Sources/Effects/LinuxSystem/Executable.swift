import Glibc
package import SystemPackage

/// Looks programs up the way a shell does.
package enum Executable {
    /// What is searched when `PATH` is not set, as in an initramfs.
    static let defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// Returns the file of a program: the name itself when it holds a slash, else the first match in `PATH`.
    /// - Throws: `ProcessError` when there is none; a path with a slash is not checked here.
    package static func find(_ program: String) throws(ProcessError) -> FilePath {
        if program.utf8.contains(UInt8(ascii: "/")) { return FilePath(program) }
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? defaultSearchPath
        let found = path.split(separator: ":").map { "\($0)/\(program)" }.first(where: isExecutable)
        guard let found, !program.isEmpty else { throw .notFound(program, searched: path) }
        return FilePath(found)
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
