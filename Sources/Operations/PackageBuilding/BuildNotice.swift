import LinuxSystem
package import SystemPackage

/// Notes which packages are being built, for the process that waits for the builds: it is outside of their namespaces, and
/// the one that is asked to stop.
package struct BuildNotice: Sendable {
    private static let limit = 1 << 20
    private let file: FilePath

    /// Names the notice of a cache.
    package init(in cache: FilePath) { file = cache.appending("work/under-way") }

    /// The packages; none when nobody knows.
    package var packages: [String] {
        guard let bytes = try? FileBytes.readIfPresent(file, limit: Self.limit) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Notes others; one that cannot be written ends no build.
    func write(_ packages: [String]) {
        guard !packages.isEmpty else {
            try? Folders.removeFile(file)
            return
        }
        try? AtomicFile.write(Array((packages.joined(separator: "\n") + "\n").utf8), to: file)
    }
}
