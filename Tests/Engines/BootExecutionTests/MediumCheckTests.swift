import BlockDevices
import BootModel
import BootPlanning
import ImageModel
import LinuxSystem
import SystemPackage
import Testing

@testable import BootExecution

@Suite("The look for an image", .enabled(if: FileAccess.allows(.execute, "/usr/bin/mmd")))
struct MediumCheckTests {
    /// Which modules were asked for to look into a filesystem with a folder; nothing there can be mounted, for it is a file.
    private func requests(_ folder: String, type: String, label: String? = nil) throws -> [String] {
        let scratch = try PrivateFolder(in: "/tmp", prefix: "check")
        let image = scratch.path.appending("image")
        try AtomicFile.write([], to: image)
        try ChildProcess.run("truncate", ["-s", "64M", image.string]).requireSuccess()
        try ChildProcess.run("/usr/sbin/mkfs.fat", ["-F", "32", image.string]).requireSuccess()
        try ChildProcess.run("mmd", ["-i", image.string, "::\(folder)"]).requireSuccess()
        var device = BlockDevice(path: image)
        (device.filesystemType, device.partitionLabel) = (type, label)
        let asked = RecordedRequests()
        let id = try #require(ImageID("0123456789abcdef"))
        let check = MediumCheck(id, .enforce, FilesystemModules { asked.add($0) }, KernelLog(name: "test"))
        #expect(!check.accepts(device))
        return asked.all
    }

    @Test("a FAT without a folder for images, as firmware has it, is neither mounted nor a reason to load modules")
    func firmware() throws {
        #expect(try requests("EFI", type: "vfat") == [])
    }

    @Test("what may have an image is mounted", arguments: ["images", "IMAGES", "Images"])
    func candidate(folder: String) throws {
        #expect(try requests(folder, type: "vfat") == MediumFilesystem.vfat.requests)
    }

    @Test("what is not FAT shows only when it is mounted")
    func others() throws {
        #expect(try requests("EFI", type: "exfat") == MediumFilesystem.exfat.requests)
    }

    @Test("partitions of an installed machine are left alone, and so is what no medium has")
    func never() throws {
        #expect(try requests("images", type: "vfat", label: "boot") == [])
        #expect(try requests("images", type: "xfs") == [])
    }
}
