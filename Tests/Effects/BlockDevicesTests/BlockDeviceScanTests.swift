import Faults
import Foundation
import Glibc
import SystemLayout
import SystemPackage
import Testing

@testable import BlockDevices
@testable import LinuxSystem

@Suite("Block device scan", .timeLimit(.minutes(10)))
struct BlockDeviceScanTests {
    private static func device(_ path: FilePath, label: String? = nil, uuid: String? = nil) -> BlockDevice {
        var device = BlockDevice(path: path)
        (device.label, device.uuid, device.partitionUUID, device.partitionLabel) = (label, uuid, "aa-01", "state")
        return device
    }

    @Test(
        "a reference matches what it names and nothing else",
        arguments: [
            ("LABEL=x", true), ("LABEL=y", false), ("UUID=ABCD", true), ("UUID=abcd", true), ("PARTUUID=AA-01", true),
            ("PARTLABEL=state", true), ("PARTLABEL=State", false), ("/dev/a", true), ("/dev/b", false),
        ])
    func matching(text: String, expected: Bool) throws {
        let device = Self.device("/dev/a", label: "x", uuid: "abcd")
        #expect(try device.matches(DeviceReference(parsing: text)) == expected)
        #expect(try !BlockDevice(path: "/dev/c").matches(DeviceReference(parsing: text)))
    }

    @Test("a removed device is forgotten, and what is found later of a device replaces what was known")
    func removal() throws {
        var scan = BlockDeviceScan()
        for path: FilePath in ["/dev/sda1", "/dev/cciss/c0d0"] {
            scan.note(.init(path: path, result: .success(DeviceSighting(Self.device(path)))))
        }
        scan.forget("/dev/sda1")
        #expect(scan.devices.map(\.path) == ["/dev/cciss/c0d0"])
        scan.note(.init(path: "/dev/nosuch", result: .failure(.unreadable("/dev/nosuch", "it is gone"))))
        #expect(scan.problems == ["/dev/nosuch: it is gone"])
        scan.note(.init(path: "/dev/nosuch", result: .success(DeviceSighting(Self.device("/dev/nosuch", label: "x")))))
        #expect(scan.problems.isEmpty && scan.sightings(of: .label("x")).map(\.device.path) == ["/dev/nosuch"])
        #expect(scan.sightings(of: .path("/dev/cciss/c0d0")).count == 1)
    }

    @Test("what does not come in time is said with what is there")
    func timeout() throws {
        let start = MonotonicClock.now()
        var turns = 0
        let error = #expect(throws: BlockDeviceError.self) {
            _ = try DeviceWait.wait(
                for: .label("no such label"), until: .after(.milliseconds(200)), whileWaiting: { turns += 1 })
        }
        #expect(turns > 0)
        #expect(error?.operation == "waiting for" && error?.subject == "LABEL=no such label")
        #expect(MonotonicClock.now() - start < .seconds(20))
    }

    @Test("file systems in files are made out", arguments: ["ext4", "vfat", "none"])
    func files(type: String) throws {
        let path = FilePath("/tmp/lifeboot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try ChildProcess.run("truncate", ["-s", "40M", path.string]).requireSuccess()
        switch type {
        case "ext4": try ChildProcess.run("mkfs.ext4", ["-q", "-F", "-L", "LB", path.string]).requireSuccess()
        case "vfat": try ChildProcess.run("mkfs.vfat", ["-F", "32", "-n", "LB", path.string]).requireSuccess()
        default: break
        }
        let device = try BlockDevice.probe(path)
        #expect(device.filesystemType == (type == "none" ? nil : type))
        #expect(device.label == (type == "none" ? nil : "LB") && device.problem == nil && device.disk == nil)
        if type == "ext4" {
            let superblock = try Ext4Superblock.read(path)
            #expect(
                superblock.isClean && !superblock.hasErrors && !superblock.needsRecovery && superblock.label == "LB")
        } else {
            #expect(throws: BlockDeviceError.self) { try Ext4Superblock.read(path) }
        }
    }

    @Test("a device that is absent or unreadable is an error", arguments: ["/no/such/device", "/tmp"])
    func unreadable(path: String) {
        #expect(throws: BlockDeviceError.self) { try BlockDevice.probe(FilePath(path)) }
        #expect(throws: BlockDeviceError.self) { try Ext4Superblock.read(FilePath(path)) }
    }

    @Test("a loop device is found by its label as soon as it is there", .enabled(if: geteuid() == 0))
    func loop() throws {
        let label = "L\(UInt32.random(in: 0 ... .max))"
        let path = FilePath("/tmp/lifeboot-\(label)")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        try ChildProcess.run("truncate", ["-s", "8M", path.string]).requireSuccess()
        try ChildProcess.run("mkfs.ext4", ["-q", "-F", "-L", label, path.string]).requireSuccess()
        let attaching = try ChildProcess.spawn("sh", ["-c", "read x; sleep 0.5; losetup -f \(path)"])
        let pipe = attaching.standardInput
        _ = try pipe?.writeAll(Array("go\n".utf8))
        let device = try DeviceWait.wait(for: .label(label), until: .after(.seconds(20))).device
        try attaching.wait(until: .after(.seconds(20))).requireSuccess()
        defer { try? LoopDevice.detach(device.path) }
        #expect(device.filesystemType == "ext4" && device.path.string.hasPrefix("/dev/loop"))
        #expect(throws: BlockDeviceError.self) { try DiskPartitions.siblings(of: device) }
        #expect(try DeviceWait.wait(for: .path(device.path), until: .after(.seconds(5))).device.label == label)
    }
}
