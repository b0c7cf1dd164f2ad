import DiskContract
import Faults
import ImageModel
package import ImageSources
import LinuxSystem
import RegistryAccess
package import RegistryModel
package import SystemPackage
package import TransactionPlanning

/// Finds what a folder has that an upgrade or a reset can take.
package struct MediumSources {
    /// Judges one source.
    package typealias Judge = (SourceReference) -> MediumReport.Source

    /// More than this nobody reads.
    private static let most = 32
    private static let layoutMark = "oci-layout"

    private let judge: Judge

    /// Says who judges.
    package init(_ judge: @escaping Judge) { self.judge = judge }

    /// What there is: image folders, OCI layouts, ISO files and archives of images, each judged; and why something is not.
    package func find(in folder: FilePath) -> (sources: [MediumReport.Source], problem: String?) {
        do throws(SystemError) {
            let found = try references(in: folder)
            let problem =
                found.count > Self.most
                ? "it has \(found.count) images; the first \(Self.most) are listed" : nil
            return (found.prefix(Self.most).map(judge), problem)
        } catch { return ([], "\(error)") }
    }

    private func references(in folder: FilePath) throws(SystemError) -> [SourceReference] {
        let images = folder.appending(DiskFiles.images.components)
        var found: [SourceReference] = []
        for name in try Folders.names(of: images) where ImageID(name) != nil {
            found.append(.imageDirectory(images.appending(name)))
        }
        if try FileStatus.of(folder.appending(Self.layoutMark)) != nil { found.append(.layout(.init(folder))) }
        for name in try Folders.names(of: folder) {
            if let reference = try reference(folder.appending(name)) { found.append(reference) }
        }
        return found
    }

    /// What a name in the top folder is; nil for anything else.
    ///
    /// Links are not followed: they could lead away from the medium.
    private func reference(_ path: FilePath) throws(SystemError) -> SourceReference? {
        guard let status = try FileStatus.of(path, followingLinks: false) else { return nil }
        switch status.kind {
        case .directory:
            return try FileStatus.of(path.appending(Self.layoutMark)) == nil ? nil : .layout(.init(path))
        case .file:
            switch path.extension?.asciiSmall {
            case "iso": return .iso(.init(path))
            // One that cannot be read is told when it is judged.
            case "tar": return ((try? LocalSource.isContainer(path)) ?? true) ? .archive(.init(path)) : nil
            default: return nil
            }
        default: return nil
        }
    }
}

extension String {
    fileprivate var asciiSmall: String { lowercased() }
}

extension MediumReport.Source {
    /// Asks a source what it has, and whether this machine takes it.
    package init(_ reference: SourceReference, by sources: ImageSources) {
        self.init(reference.description)
        var request = SourceRequest(reference.description)
        do {
            request.allowsUnsigned = true
            let image = try sources.resolve(request, at: reference, for: "listing")
            (title, self.image) = (image.candidate.title, image.candidate.id?.description)
            if case .signed = image.candidate.trust { isTrusted = true }
            request.allowsUnsigned = false
            _ = try sources.resolve(request, at: reference, for: "listing")
        } catch { problem = "\(error)" }
    }
}
