package import Foundation
package import JSONText
package import Testing

/// Holds what programs print, and what they leave in files for others, to the schemas in docs/schemas/output.
///
/// A member that a schema does not name is a fault, and so is one that is not there.
package enum OutputSchema {
    /// The folder of the schemas.
    package static let folder: URL = {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        let top = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return top.deletingLastPathComponent().appending(path: "docs/schemas/output")
    }()

    /// Expects that a value is as a schema says.
    ///
    /// - Parameter name: the file's name without its ending.
    package static func check(
        _ value: JSONValue, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let fault = try SchemaChecker().fault(value, try schema(name))
        #expect(fault == nil, "\(name): \(fault ?? "")", sourceLocation: sourceLocation)
    }

    /// A schema.
    package static func schema(_ name: String) throws -> JSONValue {
        let file = folder.appending(path: "\(name).schema.json")
        return try JSONValue(parsing: [UInt8](try Data(contentsOf: file)))
    }

    /// The names of all schemas.
    package static func names() throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return files.filter { $0.hasSuffix(".schema.json") }.map { String($0.dropLast(".schema.json".count)) }.sorted()
    }
}
