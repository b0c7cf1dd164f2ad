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
        arguments: [("fetching", 60_000), ("packing", 26_500)])
    func late(activity: String, size: Int) throws {
        guard let yard = try yard(size) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let error = #expect(throws: (any Error).self) { try assemble(yard, from: &source, fullAt: activity) }
        let text = "\(error.map { "\($0)" } ?? "")"
        #expect(text.contains("No space left"), "\(text)")
        #expect(try yard.run("ls -A staging").isEmpty)
        try yard.run("mount -o remount,size=60000k staging")
        try yard.assemble(from: &source)
    }

    @Test("room for the hash tree is made of the layers", arguments: ["hashing the", "hashing blocks"])
    func tree(activity: String) throws {
        guard let yard = try yard(60_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let image = try assemble(yard, from: &source, fullAt: activity)
        #expect(try yard.run("ls staging | grep -c layer || true") == "0\n")
        #expect(try ImageFileDigest.of(yard.file("staging/root.squashfs")).sha256 == image.image.manifest.root.sha256)
    }

    /// A layer that is a hundredth of what it holds, and over it one that is as large.
    ///
    /// The repetitions are too far apart for the blocks of a squashfs. The large one is read first: the last can go only when
    /// the image is nearly whole.
    private func yard(repeating count: Int, _ size: Int) throws -> ContainerYard? {
        let yard = try ContainerYard()
        let repeated = "head -c 300000 /dev/urandom > ../r; for i in $(seq \(count)); do cat ../r; done > big"
        try yard.finish([
            yard.layer(repeated, "zstd -q"),
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel); head -c 20000000 /dev/urandom > data"),
        ])
        let mounted = try yard.run("mount -t tmpfs -o size=\(size)k none staging && echo yes || echo no")
        return mounted == "yes\n" ? yard : nil
    }

    @Test("an image larger than estimated is made once more, while layers go")
    func larger() throws {
        guard let yard = try yard(repeating: 110, 70_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let image = try yard.assemble(from: &source)
        #expect(image.image.manifest.root.size > 50_000_000)
        #expect(try yard.run("ls staging | grep -c layer || true") == "0\n")
        #expect(source.traffic.bytesReceived < 25_000_000)
    }

    @Test("an image that does not fit at all is told with figures, and nothing stays")
    func tooLarge() throws {
        guard let yard = try yard(repeating: 250, 70_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let error = #expect(throws: ImageAssemblyError.self) { try yard.assemble(from: &source) }
        #expect(
            error?.kind == .noSpace && error?.cause.contains("estimated at 3") == true, "\(String(describing: error))")
        #expect(try yard.run("ls -A staging").isEmpty)
    }

    /// Writes an archive with another name for a file that is not in it.
    private static let hardLink = """
        import sys, tarfile
        tar = tarfile.open(fileobj=sys.stdout.buffer, mode="w|")
        entry = tarfile.TarInfo("other")
        (entry.type, entry.linkname) = (tarfile.LNKTYPE, "data")
        tar.addfile(entry)
        tar.close()
        """

    /// Two layers of which the upper one has another name for a file of the lower one: they have to be read twice.
    private func linkedYard(_ size: Int) throws -> ContainerYard? {
        let yard = try ContainerYard()
        try yard.finish([
            yard.layer("\(ContainerYard.root); \(ContainerYard.kernel); head -c 3000000 /dev/urandom > data"),
            yard.layer(archive: "python3 -c '\(Self.hardLink)'"),
        ])
        let mounted = try yard.run("mount -t tmpfs -o size=\(size)k none staging && echo yes || echo no")
        return mounted == "yes\n" ? yard : nil
    }

    @Test("space that was reserved is there when others fill the disk", arguments: [false, true])
    func reserved(isLinked: Bool) throws {
        guard let yard = try isLinked ? linkedYard(60_000) : yard(60_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        _ = try assemble(yard, from: &source, fullAt: "packing")
    }

    @Test("the image is the same whether there is room for all layers beside it or not", arguments: [false, true])
    func same(isLinked: Bool) throws {
        guard let yard = try isLinked ? linkedYard(60_000) : yard(60_000) else { return }
        defer { _ = try? yard.run("umount staging") }
        var source = LayoutSource(yard.path + "/layout")
        let image = try yard.assemble(from: &source)
        try yard.run("rm -rf staging/*; mount -o remount,size=26500k staging")
        #expect(try yard.assemble(from: &source).image.id == image.image.id)
    }
}
