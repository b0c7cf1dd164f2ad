import ImageModel
package import LinuxSystem
import RegistryModel
import RegistryServing
package import SystemPackage
package import WebMessages

/// Answers the requests that a registry gets, out of layouts, and gives plain files beside them.
package final class ShelfAnswers: RequestAnswering {
    private let shelf: LayoutShelf?
    private let files: FileFolder?
    private let remark: @Sendable (String) -> Void

    /// Answers out of a shelf, and a folder.
    ///
    /// - Parameters:
    ///   - shelf: the layouts; nil for none.
    ///   - files: the folder with the plain files; nil for none.
    ///   - remark: takes why something could not be read, a sentence.
    /// - Throws: `SystemError` when the folder cannot be opened.
    package init(
        _ shelf: LayoutShelf?, files: FilePath?, remark: @escaping @Sendable (String) -> Void
    ) throws(SystemError) {
        self.shelf = shelf
        if let files { self.files = try FileFolder(files) } else { self.files = nil }
        self.remark = remark
    }

    /// Answers a request; clients do not learn why something could not be read.
    package func answer(_ request: WebRequest) -> WebAnswer {
        var answer: WebAnswer
        do { answer = try self.answer(request, try ServingRoute(request)) } catch let refusal as ServingRefusal {
            answer = WebAnswer(refusal)
        } catch {
            remark("\(error)")
            answer = WebAnswer(.unreadable)
        }
        return request.wantsHeadAlone ? answer.headAlone() : answer
    }

    private func answer(_ request: WebRequest, _ route: ServingRoute) throws -> WebAnswer {
        switch route {
        case .version: return .registryVersion
        case .catalog(let wish): return .catalog(ListPage(of: try shelf?.repositories() ?? [], wish), wish)
        case .tags(let repository, let wish):
            let tags = try layout(repository).listing.tags.keys
            return .tags(of: repository, ListPage(of: tags, wish), wish)
        case .manifest(let repository, let name): return try manifest(request, repository, name)
        case .blob(let repository, let digest): return try blob(request, repository, digest)
        case .referrers(let repository, let digest, let type):
            return .referrers(try layout(repository).referrers(of: digest, type: type), isFiltered: type != nil)
        case .file(let names): return try file(request, names)
        }
    }

    private func layout(_ repository: String) throws -> ServedLayout {
        guard let layout = try shelf?.layout(repository) else { throw ServingRefusal.noRepository }
        return layout
    }

    private func manifest(
        _ request: WebRequest, _ repository: String, _ name: ServingRoute.ManifestName
    ) throws -> WebAnswer {
        guard let (entry, file) = try layout(repository).document(name) else { throw ServingRefusal.noManifest }
        let isFixed = if case .digest = name { true } else { false }
        return WebAnswer(to: request, entry, file, isFixed: isFixed)
    }

    /// Gives a blob without a look at the index, which may be long.
    private func blob(_ request: WebRequest, _ repository: String, _ digest: Digest) throws -> WebAnswer {
        guard let folder = try shelf?.folder(of: repository) else { throw ServingRefusal.noRepository }
        guard let file = try ServedLayout.blob(digest, in: folder) else { throw ServingRefusal.noBlob }
        let blob = Descriptor(mediaType: BlobType.unknown, digest: digest, size: file.size)
        return WebAnswer(to: request, blob, file, isFixed: true)
    }

    private func file(_ request: WebRequest, _ names: [String]) throws -> WebAnswer {
        guard let last = names.last, let file = try files?.file(names) else { throw ServingRefusal.nothing }
        return WebAnswer(
            to: request, file, tag: file.tag, size: file.size,
            fields: [("Content-Type", FileType.of(last)), ("Cache-Control", "no-cache")])
    }
}

/// A folder with plain files.
private final class FileFolder: Sendable {
    private let root: DirectoryHandle

    init(_ path: FilePath) throws(SystemError) { root = try DirectoryHandle(root: path) }

    /// Opens a file by the names that lead to it; nil when there is none.
    func file(_ names: [String]) throws(SystemError) -> OpenedFile? {
        let components = names.compactMap { FilePath.Component($0) }
        guard components.count == names.count else { return nil }
        return try OpenedFile(FilePath(root: nil, components), in: root)
    }
}
