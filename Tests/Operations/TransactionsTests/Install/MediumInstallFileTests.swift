import Cryptography
import Faults
import ImageFolders
import ImageModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("install.yaml of a medium")
struct MediumInstallFileTests {
    private static let text = "disk: {serial: X1}\n"
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func write(_ text: String, to name: String) throws { try folder.write(text, to: name) }

    private func trust(_ key: borrowing SigningKey) throws {
        try write(
            String(decoding: try key.publicKey().pem(), as: UTF8.self), to: "root/usr/lib/lifeboot/keys/image.pem")
    }

    private func sign(_ text: String, by key: borrowing SigningKey) throws {
        let file = SignatureFile(signatures: [try key.sign(Array(text.utf8))])
        try write(String(decoding: file.serialized(), as: UTF8.self), to: "medium/install.yaml.sig")
    }

    private func read() throws -> InstallFile {
        try InstallFile.read(from: folder.path.appending("medium"), root: folder.path.appending("root"))
    }

    @Test("a medium without the file is refused, and so is one with a key that nobody knows or nothing in it")
    func refused() throws {
        try write("", to: "medium/other")
        #expect(throws: Refusal.self) { try read() }
        for (text, words) in [
            ("disk: {seral: X}\n", "line 1, column 8: unknown key 'seral'"), ("", "the file is empty"),
        ] {
            try write(text, to: "medium/install.yaml")
            let refusal = #expect(throws: Refusal.self) { try read() }
            #expect(refusal?.cause.contains(words) == true && refusal?.subject.hasSuffix("install.yaml") == true)
        }
    }

    @Test("without a signature, and with one where no key is known, the file counts in a system that is not sealed")
    func unsigned() throws {
        let key = try SigningKey()
        try write(Self.text, to: "medium/install.yaml")
        #expect(try read().disk.serial == "X1")
        try sign("another text", by: key)
        #expect(try read().disk.serial == "X1", "there is no key to check it with")
        try trust(key)
        #expect(throws: ImageVerificationError.self) { try read() }
        try sign(Self.text, by: key)
        #expect(try read().disk.serial == "X1")
        try sign(Self.text, by: try SigningKey())
        #expect(throws: ImageVerificationError.self) { try read() }
    }

    @Test("a sealed system takes only what a key of the image has signed")
    func sealed() throws {
        let key = try SigningKey()
        try write("", to: "root/usr/lib/lifeboot/sealed")
        try write(Self.text, to: "medium/install.yaml")
        #expect(throws: ImageVerificationError.self) { try read() }
        try sign(Self.text, by: key)
        #expect(throws: ImageVerificationError.self) { try read() }
        try trust(key)
        #expect(try read().disk.serial == "X1")
    }
}
