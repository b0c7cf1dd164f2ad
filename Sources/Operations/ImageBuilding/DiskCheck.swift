package import ImagePlanning
import RegistryModel
package import SystemPackage

/// Says what keeps the images of a disk from booting in clouds.
package struct DiskCheck: Sendable {
    /// The image that boots first.
    package var image: FilePath
    /// Another image that boots when the first one fails.
    package var passive: FilePath?
    /// The image of the recovery partition.
    package var recovery: FilePath
    /// Partitions beside ours.
    package var extra: [ExtraPartition] = []
    /// Where the disk is to boot.
    package var clouds: [Cloud]

    /// Names images and clouds.
    package init(image: FilePath, recovery: FilePath, clouds: [Cloud]) {
        (self.image, self.recovery, self.clouds) = (image, recovery, clouds)
    }

    /// Looks into each image once, and asks for all clouds.
    ///
    /// - Throws: what kept something from being asked: that is no verdict.
    package func findings(progress: (String) -> Void = { _ in }) throws -> [ImageFinding] {
        try images.flatMap { path, name in
            progress("looking into \(name)")
            _ = try DiskImageSource(path)
            let facts = try ImageLinter.facts(LintRequest(.imageDirectory(path)))
            return CloudChecks.findings(of: facts, in: clouds, image: name)
        } + CloudChecks.findings(of: extra, in: clouds)
    }

    /// The folders, each once, with what their images are on the disk.
    var images: [(FilePath, String)] {
        var images: [(path: FilePath, roles: [String])] = []
        for (path, role) in [(image, "active"), (passive, "passive"), (recovery, "recovery")] {
            guard let path else { continue }
            if let index = images.firstIndex(where: { $0.path == path }) {
                images[index].roles.append(role)
            } else {
                images.append((path, [role]))
            }
        }
        return images.map { ($0.path, "the \($0.roles.joined(separator: " and ")) image") }
    }
}
