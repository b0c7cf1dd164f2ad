import BuildPlanning
import LinuxSystem
import PackageSpecs
import PackageTrees
import SystemPackage
import TreeFolders
package import TreeModel

/// A file of an image that was not the same when what made it ran twice.
package struct UnequalFile: Equatable, Sendable {
    /// Where it is.
    package var path: EntryPath
    /// In what both differ.
    package var words: [String]
    /// The part of the image that made it, such as `image/harbour.finalize`.
    package var part: String
    /// What changed it last; nil when that is not known.
    package var step: String?
}

extension UnequalFile: CustomStringConvertible {
    /// A line for people.
    package var description: String {
        "\(path.absolute): \(words.joined(separator: ", ")) (\(part)\(step.map { ", \($0)" } ?? ""))"
    }
}

// Builds that are made once more, to be compared and thrown away.
extension ContainerMaker {
    /// Runs the steps of a build again, and says in what their result is not what is in the cache.
    ///
    /// - Parameters:
    ///   - output: what the cache has of it.
    ///   - name: what to call a step, by its place in the file.
    /// - Throws: as `make`, and what reading the layer meets.
    func unequal(_ order: BuildOrder, to output: BuildOutput, naming name: (Int) -> String?) throws -> [UnequalFile] {
        let before = try output.layer.map { try TreeReading.artefact(inLayer: cache.blob($0)).artefact }
        let section = try ArtefactSection(order.package)
        let work = try PrivateFolder(in: cache.folder.appending("work"), prefix: "again")
        return try ContainerRun(order, self, in: work.path).perform { result in
            let after = try Self.artefact(result, section)
            let difference = ArtefactDifference(from: before ?? Artefact(.empty), to: after)
            return try difference.pathsOfTwoBuilds.map { path, words in
                let step = try result.step(changing: path).flatMap(name)
                return UnequalFile(path: path, words: words, part: "\(order.package.name)", step: step)
            }
        }
    }
}

extension ContainerRun.Result {
    /// The step that changed a file last, by the time of the change, which no step can set; nil for what is not there, or
    /// was there before.
    fileprivate func step(changing path: EntryPath) throws -> Int? {
        let file = root.appending(String(decoding: path.bytes, as: UTF8.self))
        guard let changed = try FileStamp.of(file)?.changed else { return nil }
        return begins.lastIndex { $0 <= changed }
    }
}
