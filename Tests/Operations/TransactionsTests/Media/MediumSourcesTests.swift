import Cryptography
import Foundation
import ImageModel
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

/// A folder as a medium has it: three images, of which this machine trusts the first.
struct MediumContent {
    let folder: TestFolder
    let images: [FakeImage]
    let sources: ImageSources

    init() throws {
        folder = try TestFolder()
        images = try FakeImage.all.get()
        let key = try SigningKey()
        let other = try SigningKey()
        let signatures = [try key.sign(images[0].bytes), try other.sign(images[1].bytes)]
        for (index, image) in images.enumerated() {
            try image.write(folder.path.appending("images/\(image.id)"))
            guard index < 2 else { continue }
            let file = SignatureFile(signatures: [signatures[index]]).serialized()
            try folder.write(String(decoding: file, as: UTF8.self), to: "images/\(image.id)/manifest.sig")
        }
        sources = ImageSources(
            configuration: AgentConfiguration(), access: RegistryConfiguration(),
            keys: [TrustedKey(name: "vendor.pem", key: try key.publicKey())],
            machine: MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0)))
    }

    /// Finds what a folder has, judged by the keys.
    var judging: MediumSources { MediumSources { [sources] in MediumReport.Source($0, by: sources) } }
}

@Suite("Sources on a medium")
struct MediumSourcesTests {
    @Test("image folders are listed with name and trust, and with why an image is not taken")
    func images() throws {
        let content = try MediumContent()
        let (found, problem) = content.judging.find(in: content.folder.path)
        #expect(problem == nil)
        let byTitle = Dictionary(uniqueKeysWithValues: found.map { ($0.title ?? "", $0) })
        #expect(byTitle.keys.sorted() == ["demo 1.0", "demo 2.0", "demo 3.0"])
        let trusted = byTitle["demo 1.0"]
        #expect(trusted?.isTrusted == true && trusted?.problem == nil)
        #expect(trusted?.image == content.images[0].id.description)
        #expect(trusted?.reference == "dir:\(content.folder.path)/images/\(content.images[0].id)")
        #expect(byTitle["demo 2.0"]?.isTrusted == false && byTitle["demo 2.0"]?.problem?.contains("key") == true)
        #expect(byTitle["demo 3.0"]?.problem?.contains("it is not signed") == true)
    }

    @Test("an image that is not whole is a source with a problem, and names that are no ids are left out")
    func damaged() throws {
        let content = try MediumContent()
        let id = content.images[0].id
        try FileManager.default.removeItem(atPath: content.folder.path.appending("images/\(id)/vmlinuz").string)
        try content.folder.write("x", to: "images/.staging-1/vmlinuz")
        let (found, _) = content.judging.find(in: content.folder.path)
        #expect(found.count == 3)
        let damaged = found.first { $0.reference.hasSuffix("\(id)") }
        #expect(damaged?.problem?.contains("vmlinuz") == true && damaged?.isTrusted == false && damaged?.title == nil)
    }

    @Test("layouts, ISO files and archives of images are found in the top folder; other files and links are not")
    func files() throws {
        let folder = try TestFolder()
        for name in ["b.ISO", "notes.txt", "sub/c.iso", "layout/oci-layout", "broken.tar"] {
            try folder.write("x", to: name)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.appending("z.iso").string, withDestinationPath: "/etc/hostname")
        let (found, problem) = MediumSources { MediumReport.Source($0.description) }.find(in: folder.path)
        #expect(problem == nil)
        #expect(found.map(\.reference) == ["iso:\(folder.path)/b.ISO", "oci:\(folder.path)/layout"])
        try folder.write("x", to: "oci-layout")
        let whole = MediumSources { MediumReport.Source($0.description) }.find(in: folder.path)
        #expect(whole.sources.first?.reference == "oci:\(folder.path)")
    }

    @Test("an archive of images is a source, one of a root filesystem is none")
    func archives() throws {
        let folder = try TestFolder()
        try folder.write("{}", to: "oci/oci-layout")
        try folder.write("{}", to: "oci/index.json")
        try folder.write("root", to: "root/etc/hostname")
        for name in ["oci", "root"] {
            let words = [
                "-C", folder.path.appending(name).string, "-cf", folder.path.appending("\(name).tar").string, ".",
            ]
            let tar = try Process.run(URL(fileURLWithPath: "/bin/tar"), arguments: words)
            tar.waitUntilExit()
        }
        try FileManager.default.removeItem(atPath: folder.path.appending("oci").string)
        let (found, _) = MediumSources { MediumReport.Source($0.description) }.find(in: folder.path)
        #expect(found.map(\.reference) == ["oci-archive:\(folder.path)/oci.tar"])
    }

    @Test("of more images than anybody reads the first are listed, and the rest is told")
    func many() throws {
        let folder = try TestFolder()
        for number in 10..<50 { try folder.write("x", to: "\(number).iso") }
        let (found, problem) = MediumSources { MediumReport.Source($0.description) }.find(in: folder.path)
        #expect(found.count == 32 && problem == "it has 40 images; the first 32 are listed")
    }
}
