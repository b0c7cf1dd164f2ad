import Faults
import Foundation
import ImageModel
import RegistryModel
import SystemPackage
import Testing

@testable import ImageFetching

@Suite("Image copy", .timeLimit(.minutes(10)))
struct ImageCopyTests {
    @Test("a copy is the same image, complete and verified", arguments: [true, false])
    func copies(hasIndex: Bool) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        let fixture = try (hasIndex ? ImageFixture.installed : ImageFixture.plain).get()
        try fixture.write(to: local)
        let image = try ImageCopy.run(from: local, into: staging) { _ in }
        #expect(try image.id == fixture.id && image.directory == staging)
        try fixture.expectWhole(in: staging)
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

    @Test("a damaged image is refused", arguments: ["root.squashfs", "vmlinuz", "initrd.img"])
    func damaged(name: String) throws {
        let folder = try TestFolder()
        let (staging, local) = (folder.path.appending("staging"), folder.path.appending("local"))
        try ImageFixture.installed.get().write(to: local)
        let url = URL(fileURLWithPath: local.appending(name).string)
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: url)
        let error = #expect(throws: FetchError.self) { try ImageCopy.run(from: local, into: staging) { _ in } }
        #expect(error?.kind == .corrupted)
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
}
