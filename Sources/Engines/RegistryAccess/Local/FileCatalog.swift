import LinuxSystem
package import SystemPackage

/// Finds files by name in a folder, or in an archive or medium that was listed before.
package struct FileCatalog: Sendable {
    private enum Content: Sendable {
        case folder
        case table([String: FileContent])
    }

    /// The folder, archive or medium.
    package let origin: FilePath
    private let content: Content
    private let prefix: String

    private init(origin: FilePath, content: Content, prefix: String) {
        self.origin = origin
        self.content = content
        self.prefix = prefix
    }

    /// A folder; it is looked at when a file is asked for.
    init(folder: FilePath) { self.init(origin: folder, content: .folder, prefix: "") }

    /// An archive or medium.
    init(origin: FilePath, files: [String: FileContent]) {
        self.init(origin: origin, content: .table(files), prefix: "")
    }

    /// The part below a folder of the catalog; empty for all of it.
    func below(_ folder: String) -> FileCatalog {
        let path = folder.isEmpty ? prefix : prefix + folder + "/"
        return FileCatalog(origin: origin, content: content, prefix: path)
    }

    /// The file of that relative name, or nil when there is none.
    ///
    /// - Throws: `SystemError` when it cannot be found out.
    func file(_ name: String) throws(SystemError) -> FileContent? {
        switch content {
        case .table(let files): return files[prefix + name]
        case .folder:
            let path = origin.appending(prefix + name)
            guard let status = try FileStatus.of(path), status.kind == .file else { return nil }
            return FileContent(wholeFile: path, size: Int(status.size))
        }
    }

    /// Folders of an archive or medium that hold both files, shallowest first; for a folder, only the folder itself.
    func folders(with names: [String]) throws(SystemError) -> [String] {
        guard case .table(let files) = content, let first = names.first else {
            for name in names where try file(name) == nil { return [] }
            return [""]
        }
        let candidates = files.keys.compactMap { path -> String? in
            guard path.hasPrefix(prefix) else { return nil }
            let rest = path.dropFirst(prefix.count)
            if rest == first { return "" }
            return rest.hasSuffix("/" + first) ? String(rest.dropLast(first.count + 1)) : nil
        }
        let whole = candidates.filter { folder in
            names.allSatisfy { files[prefix + (folder.isEmpty ? "" : folder + "/") + $0] != nil }
        }
        let depth: (String) -> Int = { $0.isEmpty ? 0 : $0.utf8.count { $0 == UInt8(ascii: "/") } + 1 }
        return whole.sorted { (depth($0), $0) < (depth($1), $1) }
    }
}
