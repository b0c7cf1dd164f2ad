package import SystemPackage

/// Where the kernel's command line says that more files of configuration are (`lifeboot.setup=`, as a whole, `=` included).
package enum SetupSource: Equatable, Sendable {
    /// A file, or a folder of files, of the system.
    case path(FilePath)
    /// An address for HTTP or HTTPS.
    case address(String)
    /// Something else.
    case unknown(String)

    /// Reads one; a path begins with a slash or `file://`.
    package init(_ text: String) {
        let small = text.lowercased()
        if small.hasPrefix("http://") || small.hasPrefix("https://") {
            self = .address(text)
            return
        }
        let path = FilePath(small.hasPrefix("file://") ? String(text.dropFirst("file://".count)) : text)
        self = path.isAbsolute && !path.components.isEmpty ? .path(path.lexicallyNormalized()) : .unknown(text)
    }
}

extension BootParameters {
    /// What `lifeboot.setup=` names, in its order.
    package var setupSources: [SetupSource] { setup.map { SetupSource($0) } }

    /// Files and folders that it names, in its order.
    package var setupPaths: [FilePath] {
        setupSources.compactMap { if case .path(let path) = $0 { path } else { nil } }
    }
}
