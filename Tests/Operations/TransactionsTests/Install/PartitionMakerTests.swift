import BlockDevices
import BootModel
import DiskContract
import Encryption
import Filesystems
import Foundation
import GrubEnvironment
import ImagePlanning
import LinuxSystem
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

/// A loop device over a file of this test; stands in for a partition, for loop devices have none everywhere.
final class LoopPartition {
    let path: FilePath
    private let file: FilePath

    init(megabytes: Int) throws {
        file = FilePath("/tmp/lifeboot-partition-\(UUID().uuidString)")
        try ChildProcess.run("truncate", ["-s", "\(megabytes)M", file.string]).requireSuccess()
        let outcome = try ChildProcess.run("losetup", ["-f", "--show", file.string]).requireSuccess()
        path = FilePath(String(decoding: outcome.standardOutput, as: UTF8.self).trimmingCharacters(in: .newlines))
    }

    deinit {
        _ = try? ChildProcess.run("losetup", ["-d", path.string])
        try? FileManager.default.removeItem(atPath: file.string)
    }

    /// Whether this machine lets loop devices be made and mounted.
    static let isPossible: Bool = {
        guard geteuid() == 0, let device = try? LoopPartition(megabytes: 32) else { return false }
        let target = FilePath("/tmp/lifeboot-mount-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: target.string) }
        do {
            try PartitionMaker.format(.oem, on: device.path)
            try Folders.make(target)
            try Mount.attach(source: device.path.string, target: target, filesystem: "ext4")
            try Mount.unmount(target)
            return true
        } catch { return false }
    }()
}

@Suite("Making partitions", .timeLimit(.minutes(10)), .serialized)
struct PartitionMakerTests {
    private static func mounted(_ device: FilePath, _ body: (FilePath) throws -> Void) throws {
        let target = FilePath("/tmp/lifeboot-mount-\(UUID().uuidString)")
        try Folders.make(target)
        defer { try? FileManager.default.removeItem(atPath: target.string) }
        try Mount.attach(source: device.string, target: target, filesystem: "ext4")
        defer { try? Mount.unmount(target, lazy: true) }
        try body(target)
    }

    @Test(
        "the state partition gets its folders and written history, and keeps them",
        .enabled(if: LoopPartition.isPossible))
    func furnished() throws {
        let device = try LoopPartition(megabytes: 64)
        try PartitionMaker.format(.state, on: device.path)
        try Self.mounted(device.path) { root in
            try PartitionMaker.furnish(root)
            try PartitionMaker.furnish(root)
            #expect(try FileStatus.of(root.appending("images"))?.kind == .directory)
            let history = root.appending("lifeboot").appending("history")
            #expect(try FileStatus.of(history)?.size == Int64(BootHistory.fileSize))
            #expect(try FileBytes.read(history, limit: 1 << 20).allSatisfy { $0 == 0 })
        }
        #expect(try BlockDevice.probe(device.path).label == "LB_STATE")
        #expect(try FilesystemMending.run(device.path) == .clean)
    }

    @Test(
        "a volume that was there can no longer be opened once the partition was formatted",
        .enabled(if: LoopPartition.isPossible))
    func erased() throws {
        let device = try LoopPartition(megabytes: 48)
        let key = try VolumeKey(Array("old".utf8))
        try EncryptedVolume.format(device.path, key: key, derivation: .immediate)
        #expect(try BlockDevice.probe(device.path).filesystemType == "crypto_LUKS")
        try PartitionMaker.format(.persistent, on: device.path)
        let probed = try BlockDevice.probe(device.path)
        #expect(probed.filesystemType == "ext4" && probed.label == "LB_PERSISTENT" && probed.problem == nil)
    }

    @Test(
        "an encrypted volume and the filesystem in it have labels of their own",
        .enabled(if: LoopPartition.isPossible))
    func labels() throws {
        let device = try LoopPartition(megabytes: 64)
        let oem = try TestFolder()
        // Where the kernel has no dm-crypt the volume is made all the same, and only not opened.
        try? PartitionMaker.formatPersistent(on: device.path, .storedKey, key: nil, oem: oem.path)
        let probed = try BlockDevice.probe(device.path)
        #expect(probed.filesystemType == "crypto_LUKS" && probed.label == "LB_PERSISTENT_LUKS")
        #expect(Partition.allCases.allSatisfy { $0.label != $0.containerLabel })
    }

    @Test(
        "what is mounted is refused by the kernel, and detaching unmounts it wherever it is",
        .enabled(if: LoopPartition.isPossible))
    func inUse() throws {
        let device = try LoopPartition(megabytes: 32)
        try PartitionMaker.format(.oem, on: device.path)
        try Self.mounted(device.path) { root in
            #expect(try DeviceUse.of(device.path).reasons == ["\(device.path) is mounted on \(root)"])
            #expect(throws: FilesystemError.self) { try PartitionMaker.format(.oem, on: device.path) }
            try DeviceDetachment.detach(try BlockDevice.probe(device.path))
            #expect(try DeviceUse.of(device.path).reasons == [])
        }
        try PartitionMaker.format(.oem, on: device.path)
    }

    @Test(
        "a whole disk is described by the kernel, and what is none is refused", .enabled(if: LoopPartition.isPossible))
    func disk() throws {
        let device = try LoopPartition(megabytes: 32)
        let disk = try DiskDescription(of: device.path)
        #expect(disk.path == device.path && disk.size == 32 << 20 && disk.sectorSize == 512 && !disk.isReadOnly)
        #expect(throws: BlockDeviceError.self) { try DiskDescription(of: "/tmp") }
        #expect(!disk.readsPartitions, "a loop device that was not asked to")
        #expect(disk.parts == [] && disk.memberships == [])
        #expect(try DiskDescription.sectorSize(of: device.path) == 512)
        // The mark of a device-mapper snapshot (blkid's DM_snapshot_cow).
        let file = try FileHandle(forWritingTo: URL(filePath: device.path.string))
        try file.write(contentsOf: Data("SnAp".utf8) + Data(count: 508))
        try file.synchronize()
        #expect(
            try DiskDescription(of: device.path).memberships
                == ["\(device.path) is a member of a snapshot (DM_snapshot_cow)"])
    }
}
