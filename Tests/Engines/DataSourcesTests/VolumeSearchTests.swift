import BlockDevices
import Faults
import Foundation
import InstanceData
import LinuxSystem
import SystemPackage
import TestServers
import Testing

@testable import DataSources

@Suite("Volumes with data", .serialized) struct VolumeSearchTests {
    static let files: [(kind: MetadataKind, paths: [String])] = [
        (.metadata, ["meta-data"]), (.userData, ["user-data", "config"]), (.network, ["network-config"]),
    ]

    private static func device(_ path: FilePath, _ label: String?) -> BlockDevice {
        var device = BlockDevice(path: path)
        device.label = label
        return device
    }

    @Test("devices of a label come in order of their names, those of the first label first")
    func order() throws {
        let labels = ["/dev/sdb": "cidata", "/dev/sda1": "CIDATA", "/dev/vdc": "cidata", "/dev/vdd": "data"]
        let search = try VolumeSearch(
            [["/dev/vdc", "/dev/vdd"], ["/dev/sda", "/dev/sda1"], ["/dev/sdb"]], until: .after(.seconds(20))
        ) { .success(Self.device($0, labels[$0.string])) }
        let found = search.devices(labels: ["cidata", "CIDATA"]).map(\.path)
        #expect(found == ["/dev/sdb", "/dev/vdc", "/dev/sda1"])
        #expect(search.devices(labels: ["config-2"]).isEmpty)
        #expect(search.remarks.isEmpty)
    }

    @Test("a disk that does not answer is told and not waited for; one that cannot be read is told")
    func silent() throws {
        let start = MonotonicClock.now()
        let search = try VolumeSearch(
            [["/dev/sda"], ["/dev/sdb"], ["/dev/sr0"], ["/dev/sdc"]], until: .after(.seconds(1))
        ) { path in
            switch path {
            case "/dev/sda":
                _ = try? WakeSignal().wait(until: .after(.seconds(10)))
                return .success(Self.device(path, "cidata"))
            case "/dev/sdb": return .success(Self.device(path, "cidata"))
            case "/dev/sr0": return .failure(Self.error(path, "\(Errno(rawValue: 123))"))
            default: return .failure(Self.error(path, "broken"))
            }
        }
        #expect(search.devices(labels: ["cidata"]).map(\.path) == ["/dev/sdb"])
        #expect(search.remarks == ["/dev/sda did not answer in time", "/dev/sdc: broken"])
        #expect(MonotonicClock.now() - start < .seconds(8))
    }

    @Test("a device of which nobody can tell what is on it is told, since it may have the label")
    func unclear() throws {
        let search = try VolumeSearch([["/dev/sda"]], until: .after(.seconds(20))) { path in
            var device = Self.device(path, nil)
            device.problem = "marks of more than one file system"
            return .success(device)
        }
        #expect(search.remarks == ["/dev/sda: marks of more than one file system"])
    }

    private static func error(_ path: FilePath, _ cause: String) -> BlockDeviceError {
        BlockDeviceError(.unreadable, "reading", path.string, cause: cause, remedy: "")
    }

    @Test("no more than eight volumes of a label are read")
    func many() throws {
        let paths = (0..<20).map { FilePath("/dev/sd\($0)") }
        let search = try VolumeSearch([paths], until: .after(.seconds(20))) { .success(Self.device($0, "cidata")) }
        #expect(search.devices(labels: ["cidata"]).count == 8)
    }

    @Test("reads the first name of each kind, without following a link out of the volume")
    func folder() throws {
        let fixture = try Fixture([
            "volume/user-data": "#!/bin/sh\n", "volume/config": "old", "volume/meta-data": "0123456789",
            "secret": "secret",
        ])
        try fixture.link("volume/network-config", to: "../secret")
        let folder = fixture.root.appending("volume")
        let answers = try VolumeSearch.read(folder, from: "/dev/sr0", Self.files, limit: 10)
        #expect(answers?.texts.map(\.kind) == [.metadata, .userData])
        #expect(answers?[.userData] == Array("#!/bin/sh\n".utf8))
        let small = try VolumeSearch.read(folder, from: "/dev/sr0", Self.files, limit: 9)
        #expect(small?[.userData] == Array("old".utf8))
        #expect(small?.remarks.count == 2 && small?.isIncomplete == true)
        let empty = try Fixture()
        #expect(try VolumeSearch.read(empty.root, from: "/dev/sr0", Self.files, limit: 10) == nil)
    }

    @Test("a filesystem of another kind is not mounted")
    func otherKind() throws {
        var device = Self.device("/dev/nowhere", "cidata")
        device.filesystemType = "btrfs"
        let error = #expect(throws: DataSourceError.self) {
            try VolumeSearch.read(device, Self.files, types: ["iso9660", "vfat"], limit: 10)
        }
        #expect(error?.cause == "its filesystem btrfs is not read")
        device.filesystemType = "vfat"
        #expect(throws: SystemError.self) {
            try VolumeSearch.read(device, Self.files, types: ["iso9660", "vfat"], limit: 10)
        }
    }

    /// A kind of filesystem, and how an image of it is made from a folder.
    enum Image: String, CaseIterable {
        case iso9660, vfat, ext4

        func make(_ image: String, from folder: String, label: String) throws {
            switch self {
            case .iso9660:
                try Tool.run("xorriso", ["-as", "mkisofs", "-J", "-r", "-V", label, "-o", image, folder])
            case .vfat:
                try Tool.run("truncate", ["-s", "4M", image])
                try Tool.run("mkfs.vfat", ["-n", label, image])
                for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                    try Tool.run("mcopy", ["-i", image, "\(folder)/\(name)", "::\(name)"])
                }
            case .ext4:
                try Tool.run("truncate", ["-s", "4M", image])
                try Tool.run("mkfs.ext4", ["-q", "-L", label, "-d", folder, image])
            }
        }
    }

    /// Whether the kernel of this machine can mount it.
    private static func kernelHas(_ image: Image) -> Bool {
        let types = (try? String(contentsOfFile: "/proc/filesystems", encoding: .utf8)) ?? ""
        return types.split(whereSeparator: { $0 == "\n" || $0 == "\t" }).contains { $0 == image.rawValue }
    }

    @Test(
        "finds and reads real volumes, and leaves nothing mounted", .enabled(if: geteuid() == 0),
        arguments: Image.allCases, ["cidata", "CIDATA"])
    func real(image: Image, label: String) throws {
        let fixture = try Fixture(["seed/user-data": "#cloud-config\na: 1\n", "seed/meta-data": "instance-id: i-1\n"])
        let file = fixture.root.appending("image")
        try image.make(file.string, from: fixture.root.appending("seed").string, label: label)
        let before = try Data(contentsOf: URL(filePath: file.string))
        let loop = try Tool.run("losetup", ["--find", "--show", file.string])
        let path = String(loop.prefix { $0 != "\n" })
        defer { _ = try? Tool.run("losetup", ["-d", path]) }
        let listed = try DeviceNames(root: "/").disks.contains([FilePath(path)])
        #expect(listed)
        let search = try VolumeSearch([[FilePath(path)]], until: .after(.seconds(20)))
        let found = search.devices(labels: ["cidata", "CIDATA"])
        #expect(found.map(\.filesystemType) == [image.rawValue] && found.first?.label == label)
        for device in found where Self.kernelHas(image) {
            let answers = try VolumeSearch.read(device, Self.files, types: ["iso9660", "vfat"], limit: 1 << 20)
            #expect(answers?.texts.map(\.kind) == [.metadata, .userData])
            #expect(answers?.place == path)
        }
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        #expect(!mounts.contains(path))
        try Tool.run("losetup", ["-d", path])
        #expect(try Data(contentsOf: URL(filePath: file.string)) == before)
    }
}
