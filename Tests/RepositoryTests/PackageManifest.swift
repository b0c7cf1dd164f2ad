import Foundation
import Testing

/// What `Package.swift` says of targets, their edges and their folders.
struct PackageManifest {
    /// One target.
    struct Target: Decodable {
        var name: String
        var type: String
        var path: String?
        var dependencies: [[String: [String?]]]

        /// Names of the targets and products it declares.
        var uses: [String] { dependencies.flatMap { $0.values.compactMap { $0.first ?? nil } } }

        /// The layer whose folder it lies in; nil for what lies elsewhere.
        var layer: Layer? {
            let parts = (path ?? "").split(separator: "/").map(String.init)
            guard parts.count == 3, parts[0] == (type == "test" ? "Tests" : "Sources"), parts[2] == name else {
                return nil
            }
            return Layer(rawValue: parts[1])
        }
    }

    private struct Dump: Decodable { var targets: [Target] }

    var targets: [Target]

    /// Asks SwiftPM, with a folder of its own: the build that runs the tests holds the lock of the usual one.
    init() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        // All of it, also where the tests were built without the server.
        let dump = try Tool.run(
            "env",
            ["-u", "LIFEBOOT_WITHOUT_SERVER", "swift", "package", "--scratch-path", scratch.path, "dump-package"])
        try #require(dump.status == 0, "swift package dump-package: \(dump.complaints)")
        targets = try JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8)).targets
    }

    /// The layer of a product target; nil for an outside package, and for what serves tests.
    func layer(of name: String) -> Layer? { products.first { $0.name == name }?.layer }

    /// The targets that are no tests and not only used by tests.
    var products: [Target] { targets.filter { $0.type != "test" && $0.path?.hasPrefix("Sources/") == true } }

    /// The names of a layer's product targets, in the order of `Package.swift`.
    func names(in layer: Layer) -> [String] { products.filter { $0.layer == layer }.map(\.name) }
}

@Suite("Package manifest")
struct PackageManifestTests {
    @Test("every product target lies in the folder of its layer, and no folder is without a target")
    func layers() throws {
        let manifest = try PackageManifest()
        for target in manifest.products {
            #expect(target.layer != nil, "\(target.path ?? target.name) is not Sources/<layer>/\(target.name)")
        }
        let folders = Set(Repository.files.filter { $0.hasPrefix("Sources/") }.map { $0.split(separator: "/")[1] })
        #expect(folders == Set(Layer.allCases.map { Substring($0.rawValue) }))
    }

    @Test("the tests of a library lie in the same layer's folder")
    func mirrored() throws {
        let manifest = try PackageManifest()
        for target in manifest.products where ![.c, .programs].contains(target.layer) {
            let tests = manifest.targets.first { $0.name == "\(target.name)Tests" }
            #expect(
                tests?.layer == target.layer, "\(target.name) has no tests in Tests/\(target.layer?.rawValue ?? "")")
        }
    }
}
