import DocumentTree
import PackageSpecs
import SystemPackage
import YAMLDocuments

/// Reads texts of files as a layer would.
enum SpecReading {
    static let head = "format: 1\nname: app/tide\nversion: 1.2\n"

    static func packages(
        _ text: String, _ context: SpecContext = SpecContext(architecture: "amd64"), containerfile: String? = nil
    ) throws -> PackageReading {
        let document = try YAMLDocument.parse(Array(text.utf8))
        return try PackageFile(document, file: "packages/tide/package.yaml")
            .packages(in: context) { _ throws(SpecError) in containerfile }
    }

    /// The one package of a file that begins with the usual name and version.
    static func package(
        _ rest: String, _ context: SpecContext = SpecContext(architecture: "amd64"), containerfile: String? = nil
    ) throws -> PackageSpec {
        let packages = try packages(head + rest, context, containerfile: containerfile).packages
        guard packages.count == 1 else { throw Missing() }
        return packages[0]
    }

    struct Missing: Error {}

    static func layer(_ text: String, environment: [String: String] = [:]) throws -> LayerFile {
        try LayerFile(
            try YAMLDocument.parse(Array(text.utf8)), file: "boatyard.yaml", architecture: "amd64",
            environment: environment)
    }

    static func lock(_ text: String) throws -> LockFile {
        try LockFile(try YAMLDocument.parse(Array(text.utf8)), file: "boatyard.lock")
    }

    /// The words of the error that something throws; empty when it throws none.
    static func words(_ body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return ""
    }
}
