import Foundation
import LayerFolders
import PackageSpecs
import SystemPackage

/// Owns the folder of a layer for one test.
struct LayerFixture: ~Copyable {
    let path: FilePath

    /// Writes files; `boatyard.yaml` is there without being named.
    init(_ files: [String: String]) throws {
        path = FilePath(NSTemporaryDirectory()).appending("boatyard-layer-\(UUID().uuidString)")
        for (name, text) in files.merging(
            ["boatyard.yaml": "format: 1\nname: test\n"], uniquingKeysWith: { $1 == "" ? $1 : $0 })
        {
            let url = URL(filePath: path.string).appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    var folder: LayerFolder { LayerFolder(path) }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path.appending(name).string, withDestinationPath: target)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path.appending(name).string) }

    func read(_ change: (inout LayerRequest) -> Void = { _ in }) throws -> LayerReading {
        var request = LayerRequest(architecture: "amd64", environment: [:])
        change(&request)
        return try folder.read(request)
    }

    static func package(_ name: String, _ rest: String = "requires: [x/y]") -> String {
        "format: 1\nname: \(name)\nversion: 1\n\(rest)\n"
    }
}
