import LinuxSystem
import RegistryModel
import Synchronization
package import SystemPackage

/// The layouts of a folder, or one alone, by the names of repositories.
package final class LayoutShelf: Sendable {
    /// The most repositories of one folder.
    static let maximumRepositories = 10_000
    /// The deepest repository below the folder.
    static let maximumDepth = 16
    /// The most indexes that are kept in memory; which ones are asked for decides the clients.
    private static let maximumKept = 16

    private let root: DirectoryHandle
    /// The name of the only repository, which is the folder itself; nil for a folder of layouts.
    private let onlyName: String?
    private let kept = Mutex<[String: ServedLayout]>([:])

    /// Opens a layout, or a folder with layouts.
    ///
    /// - Parameter name: the name that a single layout gets; nil for that of its folder.
    /// - Throws: `LayoutServingError` when the name is none, `SystemError` when the folder cannot be opened.
    package init(_ place: FilePath, name: String? = nil) throws {
        root = try DirectoryHandle(root: place)
        guard try OpenedFile("index.json", in: root) != nil else {
            guard name == nil else { throw LayoutServingError.severalNames(place) }
            onlyName = nil
            return
        }
        let only = try name ?? root.realPath.lastComponent?.string ?? ""
        guard ImageReference.isRepository(only) else { throw LayoutServingError.noName(only) }
        onlyName = only
    }

    /// Opens the folder of a repository; nil when there is none.
    func folder(of repository: String) throws(SystemError) -> DirectoryHandle? {
        if let onlyName { return repository == onlyName ? try root.descend([]) : nil }
        let names = repository.split(separator: "/").compactMap { FilePath.Component(String($0)) }
        return try root.descend(names)
    }

    /// The layout of a repository as it is now; nil when there is none.
    ///
    /// - Throws: `RegistryModelError` when its index is malformed, `SystemError` when it cannot be read.
    func layout(_ repository: String) throws -> ServedLayout? {
        guard let folder = try folder(of: repository), let index = try OpenedFile("index.json", in: folder) else {
            return nil
        }
        if let known = kept.withLock({ $0[repository] }), known.stamp == index.stamp { return known }
        let layout = try ServedLayout(index, in: folder)
        kept.withLock { kept in
            if kept.count >= Self.maximumKept { kept.removeAll() }
            kept[repository] = layout
        }
        return layout
    }

    /// The names of all repositories, in no order.
    ///
    /// - Throws: `SystemError` when a folder cannot be read, `LayoutServingError` when there are too many.
    package func repositories() throws -> [String] {
        if let onlyName { return [onlyName] }
        var found: [String] = []
        guard let top = try root.descend([]) else { return [] }
        try collect(&found, below: top, [])
        return found
    }

    private func collect(_ found: inout [String], below folder: borrowing DirectoryHandle, _ path: [String]) throws {
        guard path.count < Self.maximumDepth else { return }
        // Names that no repository can have are never asked for; among them is all that begins with a dot.
        for name in try Folders.names(of: folder.mountTarget) where ImageReference.isRepository(name) {
            guard let component = FilePath.Component(name), let inner = try folder.descend([component]) else {
                continue
            }
            let names = path + [name]
            guard try OpenedFile("index.json", in: inner) != nil else {
                try collect(&found, below: inner, names)
                continue
            }
            found.append(names.joined(separator: "/"))
            guard found.count <= Self.maximumRepositories else { throw LayoutServingError.tooMany(root.path) }
        }
    }
}
