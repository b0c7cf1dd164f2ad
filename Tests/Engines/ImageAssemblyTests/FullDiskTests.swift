import Faults
import Foundation
import ImageModel
import LinuxSystem
import RegistryModel
import Squashfs
import SystemPackage
import Testing

@testable import ImageAssembly

@Suite("Full disks", .enabled(if: getuid() == 0))
struct FullDiskTests {
    /// Mounts a filesystem in memory of so many KiB over the staging folder; nil where nothing can be mounted.
    private func yard(_ size: Int) throws -> ContainerYard? {
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel); head -c 3000000 /dev/urandom > data"),
            yard.layer("head -c 3000000 /dev/urandom > more", "cat"),
        ])
        let mounted = try yard.run("mount -t tmpfs -o size=\(size)k none staging && echo yes || echo no")
        return mounted == "yes\n" ? yard : nil
    }

    @Test("a disk that is too small is told before anything is fetched")
    func early() throws {
        guard let yard = try yard(20_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let error = #expect(throws: ImageAssemblyError.self) { try yard.assemble(from: &source) }
        #expect(error?.kind == .noSpace && source.traffic.bytesReceived == 0)
    }

    /// Lets an assembly find the disk full from the moment at which it does something.
    private func assemble(
        _ yard: ContainerYard, from source: inout LayoutSource, fullAt activity: String
    ) throws -> AssembledImage {
        var isFull = false
        return try yard.assemble(from: &source) { progress in
            guard progress.activity.hasPrefix(activity), !isFull else { return }
            isFull = true
            try yard.run("mount -o remount,size=$(($(df --output=used staging | tail -1) + 8))k staging")
        }
    }

    @Test(
        "a disk that fills up is told as such, and a second try with space succeeds",
        arguments: [("fetching", 60_000), ("packing", 26_500), ("hashing the", 60_000), ("hashing blocks", 60_000)])
    func late(activity: String, size: Int) throws {
        guard let yard = try yard(size) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let error = #expect(throws: (any Error).self) { try assemble(yard, from: &source, fullAt: activity) }
        let text = "\(error.map { "\($0)" } ?? "")"
        #expect(text.contains("No space left"), "\(text)")
        try yard.run("mount -o remount,size=60000k staging")
        try yard.assemble(from: &source)
    }

    @Test("space that was reserved is there when others fill the disk", arguments: ["reading", "packing"])
    func reserved(_ activity: String) throws {
        guard let yard = try yard(60_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        _ = try assemble(yard, from: &source, fullAt: activity)
    }
}
