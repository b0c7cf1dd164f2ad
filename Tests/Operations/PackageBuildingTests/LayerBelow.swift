import Cryptography
import ImageModel
import LinuxSystem
import PackageModel
import PackageRepositories
import PackageSelection
import PackageSpecs
import RegistryAccess
import RegistryModel
import SystemPackage
import TestPackages

@testable import PackageBuilding

/// A layer in a folder, and the repository of a layer below it: a signed layout, as `repository publish` leaves it.
final class LayerBelow {
    let folder: FilePath
    private let key: SigningKey
    private var publications = 0
    var layer: FilePath { folder.appending("layer") }
    /// How the lock names the repository.
    static let reference = "oci:../below"

    /// Makes a layer with packages `name: rest of the file`, over packages as `PackageText` has them.
    init(_ packages: [String: String], over below: String, more: String = "") throws {
        folder = FilePath("/tmp/layer-below-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
        key = try SigningKey()
        try Folders.make(layer)
        try AtomicFile.write(try key.publicKey().pem(), to: layer.appending("below.pub"))
        try publish(below)
        try writeLayer(more)
        for (name, text) in packages { try write(name, text) }
    }

    deinit { try? Folders.remove(folder, .tree) }

    /// Writes `boatyard.yaml` with more about the layer below.
    func writeLayer(_ more: String) throws {
        let text =
            "format: 1\nname: top\nlayers: [{name: below, repository: \(Self.reference), key: below.pub\(more)}]\n"
        try AtomicFile.write(Array(text.utf8), to: layer.appending("boatyard.yaml"))
    }

    /// Writes a package of the layer.
    func write(_ name: String, _ text: String) throws {
        let place = layer.appending("packages/\(name)")
        try Folders.make(place)
        let file = "format: 1\nname: app/\(name)\nversion: 1.0\n\(text)\n"
        try AtomicFile.write(Array(file.utf8), to: place.appending("package.yaml"))
    }

    /// Publishes packages to the layer below, beside those that are there.
    func publish(_ text: String) throws {
        publications += 1
        let source = folder.appending("source-\(publications)")
        let packages = try text.split(separator: "\n").map {
            BuiltPackage(try PackageText.package(String($0)).metadata, layer: nil, installedSize: 0)
        }
        _ = try RepositoryCreator.create(packages, named: "below", in: source)
        var target = try LayoutTarget(SourceReference.Entry(folder.appending("below")))
        let publisher = RepositoryPublisher(
            reference: "below", keys: [TrustedKey(name: "own", key: try key.publicKey())], memory: nil,
            now: try RepositoryClock.now())
        _ = try publisher.publish(LayoutTarget(existing: SourceReference.Entry(source)), to: &target, key: key)
    }

    /// The layer as it is chosen.
    var choice: LayerChoice {
        var choice = LayerChoice(
            layer, cache: folder.appending("cache"), access: RegistryConfiguration(authFiles: []))
        choice.memory = RepositoryMemoryFile(folder.appending("memory.json"))
        return choice
    }

    func session() throws -> LayerSession { try LayerSession(choice, environment: [:]) }
}
