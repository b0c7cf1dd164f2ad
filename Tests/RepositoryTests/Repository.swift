import Foundation
import Testing

/// The checkout that these tests are part of.
enum Repository {
    /// The top of the checkout.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Whether this runs where nothing may be skipped.
    static let isContinuousIntegration = ProcessInfo.processInfo.environment["CI"] == "true"

    /// Whether files with generated parts are to be written anew (`make golden`).
    static let updates = ProcessInfo.processInfo.environment["LIFEBOOT_UPDATE_GOLDEN"] != nil

    /// Paths of all files that are, or will be, under version control; sorted, relative to the top.
    static let files: [String] = {
        let listing = try? Tool.run(
            "git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        let paths = listing?.output.split(separator: "\0").map(String.init) ?? []
        return paths.filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }.sorted()
    }()

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The Swift files below a folder.
    static func swiftFiles(_ folder: String) throws -> [SourceFile] {
        let paths = files.filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".swift") }
        return try paths.map { SourceFile(path: $0, text: try text($0)) }
    }

    /// The documents for people.
    static var documents: [String] { files.filter { $0.hasSuffix(".md") } }
}

@Suite("Repository")
struct RepositoryTests {
    @Test("the checkout's files can be listed")
    func listing() {
        #expect(Repository.files.contains("Package.swift"))
        #expect(Repository.files.contains("README.md"))
    }

    @Test("no file names a folder of the machine it was written on")
    func machinePaths() throws {
        let folder = try Regex(#"(?m)(^|[\s"'`(=:])/(work|home/[a-z]+)/"#)
        for path in Repository.files {
            guard let text = try? Repository.text(path) else { continue }
            #expect(text.firstMatch(of: folder) == nil, "\(path) names a path that only one machine has")
        }
    }
}
