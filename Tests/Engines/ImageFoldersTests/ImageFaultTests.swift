import Cryptography
import ImageModel
import LinuxSystem
import SystemPackage
import TestMachines
import Testing

@testable import ImageFolders

@Suite("What is wrong with a file of an image")
struct ImageFaultTests {
    private func find(
        _ folder: TestFolder, _ scrutiny: ImageFault.Scrutiny, expecting text: String? = "kernel"
    ) throws -> ImageFault.Kind? {
        let expected = try text.map { text in
            Manifest.File(size: text.utf8.count, sha256: try SHA256Hasher.digest(of: Array(text.utf8)))
        }
        return try ImageFault.find(in: folder.path, .kernel, expected, scrutiny)?.kind
    }

    @Test("a file of the right size is right until its digest is looked at")
    func digest() throws {
        let folder = try TestFolder()
        try folder.write("kernel", to: "vmlinuz")
        for scrutiny in [ImageFault.Scrutiny.size, .digest] { #expect(try find(folder, scrutiny) == nil) }
        try folder.write("kernal", to: "vmlinuz")
        #expect(try find(folder, .size) == nil)
        guard case .digest? = try find(folder, .digest) else {
            Issue.record("a wrong byte was not found")
            return
        }
    }

    @Test(
        "what is not there, empty, too long or no file is wrong without being read",
        arguments: [
            ("true", ImageFault.Kind.missing), (": > vmlinuz", .empty),
            ("printf kernels > vmlinuz", .size(found: 7, expected: 6)),
            ("mkdir vmlinuz", .noFile), ("printf kernel > k; ln -s k vmlinuz", .noFile),
        ])
    func size(_ script: String, _ kind: ImageFault.Kind) throws {
        let folder = try TestFolder()
        try ChildProcess.run("sh", ["-ec", script], directory: folder.path).requireSuccess()
        for scrutiny in [ImageFault.Scrutiny.size, .digest] { #expect(try find(folder, scrutiny) == kind) }
    }

    @Test("where nobody knows what is expected, only what is missing or empty is found")
    func unknown() throws {
        let folder = try TestFolder()
        #expect(try find(folder, .digest, expecting: nil) == .missing)
        try folder.write("anything", to: "vmlinuz")
        #expect(try find(folder, .digest, expecting: nil) == nil)
    }

    @Test("the words name the file and what is wrong")
    func words() throws {
        let digest = try SHA256Hasher.digest(of: [])
        let kinds: [(ImageFault.Kind, String)] = [
            (.missing, "vmlinuz is missing"), (.empty, "vmlinuz is empty"), (.noFile, "vmlinuz is no plain file"),
            (.size(found: 1, expected: 2), "vmlinuz has 1 bytes instead of 2"),
            (.digest(found: digest, expected: digest), "vmlinuz does not match its digest in the manifest"),
        ]
        for (kind, words) in kinds { #expect("\(ImageFault(file: .kernel, kind: kind))" == words) }
    }
}
