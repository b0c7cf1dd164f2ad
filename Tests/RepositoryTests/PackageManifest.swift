import Foundation
import Testing

/// What `Package.swift` says: targets and their edges from SwiftPM, layers from its comments.
struct PackageManifest {
    /// One target.
    struct Target: Decodable {
        var name: String
        var type: String
        var dependencies: [[String: [String?]]]

        /// Names of the targets and products it may use.
        var uses: [String] { dependencies.flatMap { $0.values.compactMap { $0.first ?? nil } } }
    }

    /// A layer: its number, what is said about it, and its targets in order.
    struct Layer {
        var number: Int
        var title: String
        var targets: [String]
    }

    private struct Dump: Decodable { var targets: [Target] }

    var targets: [Target]
    var layers: [Layer]

    /// Asks SwiftPM, with a folder of its own: the build that runs the tests holds the lock of the usual one.
    init() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "lifeboot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let dump = try Tool.run("swift", ["package", "--scratch-path", scratch.path, "dump-package"])
        try #require(dump.status == 0, "swift package dump-package: \(dump.complaints)")
        targets = try JSONDecoder().decode(Dump.self, from: Data(dump.output.utf8)).targets
        layers = try Self.layers(try Repository.text("Package.swift"))
    }

    /// The layer of a target; nil for tests.
    func layer(of target: String) -> Int? { layers.first { $0.targets.contains(target) }?.number }

    /// The targets that are no tests and not only used by tests.
    var products: [Target] {
        targets.filter { $0.type != "test" && !["TestServers", "SeededNumbers"].contains($0.name) }
    }

    /// Reads the comments `// Layer <number>: <title>` and the names of the targets that follow each.
    private static func layers(_ text: String) throws -> [Layer] {
        let body = text.split(separator: "// Tests.").first ?? ""
        let name = /(?:library|program|system|\.target|\.systemLibrary)\(\s*(?:name:\s*)?"([^"]+)"/
        return try body.split(separator: "// Layer ").dropFirst().map { section in
            let heading = try #require(section.prefixMatch(of: /([0-9]): ([^\n]+)\n/))
            let names = section.matches(of: name).map { String($0.output.1) }
            return Layer(number: try #require(Int(heading.output.1)), title: String(heading.output.2), targets: names)
        }
    }
}

@Suite("Package manifest")
struct PackageManifestTests {
    @Test("every target stands under the comment of a layer")
    func layers() throws {
        let manifest = try PackageManifest()
        #expect(manifest.layers.map(\.number) == Array(0...7))
        for target in manifest.products {
            #expect(manifest.layer(of: target.name) != nil, "\(target.name) is in no layer of Package.swift")
        }
    }
}
