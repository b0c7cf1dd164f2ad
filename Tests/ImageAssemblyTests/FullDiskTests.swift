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

    @Test(
        "a disk that fills up at any step is told as such, and a second try with space succeeds",
        arguments: ["fetching", "reading", "packing", "hashing the", "hashing blocks"])
    func late(_ activity: String) throws {
        guard let yard = try yard(60_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        var isFull = false
        let error = #expect(throws: (any Error).self) {
            try yard.assemble(from: &source) { progress in
                guard progress.activity.hasPrefix(activity), !isFull else { return }
                isFull = true
                try yard.run("mount -o remount,size=$(df --output=used staging | tail -1)k staging")
            }
        }
        let text = "\(error.map { "\($0)" } ?? "")"
        #expect(text.contains("No space left") || text.contains("space"), "\(text)")
        try yard.run("mount -o remount,size=60000k staging")
        try yard.assemble(from: &source)
    }
}
