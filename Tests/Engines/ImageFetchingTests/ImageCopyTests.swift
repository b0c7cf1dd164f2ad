import Cryptography
import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import Testing

@testable import ImageFetching

@Suite("Image copy", .timeLimit(.minutes(10)))
struct ImageCopyTests {
    /// An image, and by what the copy of its root file is proven; only its name is printed, not its bytes.
    enum Image: CaseIterable {
        case installed
        case plain
        case odd

        var fixture: Result<ImageFixture, any Error> {
            switch self {
            case .installed: ImageFixture.installed
            case .plain: ImageFixture.plain
            case .odd: ImageFixture.odd
            }
        }

        var last: String { self == .installed ? "making the hash tree" : "checking the hash tree" }
    }

    @Test(
        "a copy is the same image, read once more only when its hash tree cannot be made here",
        arguments: Image.allCases)
    func copies(image: Image) throws {
        try Self.folders { staging, local in
            let fixture = try image.fixture.get()
            try fixture.write(to: local)
            var said: [String] = []
            let copy = try ImageCopy.run(from: local, into: staging) { said.append($0.activity) }
            #expect(try copy.id == fixture.id && copy.directory == staging)
            try fixture.expectWhole(in: staging)
            let last = said.last { !$0.hasPrefix("checking vmlinuz") && !$0.hasPrefix("checking initrd") }
            #expect(last == image.last)
        }
    }

    private static func folders(_ body: (_ staging: FilePath, _ local: FilePath) throws -> Void) throws {
        let folder = try TestFolder()
        try body(folder.path.appending("staging"), folder.path.appending("local"))
    }

    /// Changes a byte in the middle of a file.
    private static func damage(_ path: FilePath, at place: Int? = nil) throws {
        let url = URL(fileURLWithPath: path.string)
        var bytes = try Data(contentsOf: url)
        bytes[place ?? bytes.count / 2] ^= 1
        // In place, for the file may be in use.
        let file = try FileHandle(forWritingTo: url)
        try file.write(contentsOf: bytes)
        try file.close()
    }

    @Test("a signature of the machine is copied, what else lies there is not")
    func otherFiles() throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        for name in ["local.sig", "stranger"] {
            try Data([1]).write(to: URL(fileURLWithPath: local.appending(name).string))
        }
        _ = try ImageCopy.run(from: local, into: staging) { _ in }
        let names = try FileManager.default.contentsOfDirectory(atPath: staging.string)
        #expect(names.contains("local.sig") && !names.contains("stranger"))
    }

    @Test("a damaged image is refused by its name, and copied once it is mended", arguments: ImageFile.booted)
    func damaged(file: ImageFile) throws {
        try Self.folders { staging, local in
            let fixture = try ImageFixture.installed.get()
            try fixture.write(to: local)
            let path = local.appending(file.rawValue)
            try Self.damage(path)
            let error = #expect(throws: FetchError.self) { try ImageCopy.run(from: local, into: staging) { _ in } }
            #expect(error?.kind == .corrupted && error?.subject == path.string, "\(String(describing: error))")
            try Self.damage(path)
            _ = try ImageCopy.run(from: local, into: staging) { _ in }
            try fixture.expectWhole(in: staging)
        }
    }

    @Test("what changes on the disk after it was written is copied anew", arguments: ImageFile.booted)
    func rotten(file: ImageFile) throws {
        try Self.folders { staging, local in
            let fixture = try ImageFixture.installed.get()
            try fixture.write(to: local)
            var isDamaged = false
            _ = try ImageCopy.run(from: local, into: staging) { progress in
                // Before the file is read back, the kernel and the initramfs while the next one is copied.
                if !isDamaged, progress.activity == "copying \(file.rawValue)", progress.done > 100_000 {
                    isDamaged = true
                    try Self.damage(staging.appending(file.rawValue), at: 50_000)
                }
            }
            #expect(isDamaged)
            try fixture.expectWhole(in: staging)
        }
    }

    @Test("an image whose manifest names another root hash is refused, whatever its digests say")
    func rootHash() throws {
        try Self.folders { staging, local in
            var fixture = try ImageFixture.installed.get()
            fixture.manifest.root.verity.rootHash[0] ^= 1
            fixture.files[.manifest] = fixture.manifest.serialized()
            try fixture.write(to: local)
            let error = #expect(throws: FetchError.self) { try ImageCopy.run(from: local, into: staging) { _ in } }
            #expect(error?.kind == .unusable, "\(String(describing: error))")
        }
    }

    @Test("a copy that was cut is finished")
    func resumes() throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        let fixture = try ImageFixture.installed.get()
        try fixture.write(to: local)
        #expect(throws: ResumeTests.Cancelled.self) {
            _ = try ImageCopy.run(from: local, into: staging) { progress in
                if progress.done > 1_000_000, progress.activity.contains("root") { throw ResumeTests.Cancelled() }
            }
        }
        _ = try ImageCopy.run(from: local, into: staging) { _ in }
        try fixture.expectWhole(in: staging)
    }

    @Test("what the journal states of a copy that was cut is proven like all else")
    func rottenAfterCut() throws {
        try Self.folders { staging, local in
            let fixture = try ImageFixture.installed.get()
            try fixture.write(to: local)
            #expect(throws: ResumeTests.Cancelled.self) {
                _ = try ImageCopy.run(from: local, into: staging, statingEvery: 1) { progress in
                    if progress.activity.hasPrefix("making") { throw ResumeTests.Cancelled() }
                }
            }
            let stated = try FetchJournal(
                in: staging, source: try SHA256Hasher.digest(of: fixture.files[.manifest] ?? []))
            for file in UInt8(0)..<3 {
                #expect(!stated.records(of: file).isEmpty, "nothing is looked at again by itself")
            }
            for file in ImageFile.booted { try Self.damage(staging.appending(file.rawValue)) }
            _ = try ImageCopy.run(from: local, into: staging) { _ in }
            try fixture.expectWhole(in: staging)
        }
    }
}
