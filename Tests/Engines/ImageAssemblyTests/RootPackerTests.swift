import Faults
import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageAssembly

private let hasTools = ["/usr/bin/unsquashfs", "/usr/bin/sqfs2tar", "/usr/bin/python3"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

/// What is taken out of a root filesystem, shown by the images that come of it.
@Suite("Packing of a root", .enabled(if: hasTools))
struct RootPackerTests {
    /// A kernel that has a header and a version.
    private static func kernel(_ version: String, at path: String) -> String {
        """
        python3 -c "
        b = bytearray(4096); b[0x1fe:0x200] = bytes([0x55, 0xaa]); b[0x202:0x206] = b'HdrS'; b[0x20e:0x210] = (0x400).to_bytes(2, 'little')
        v = b'\(version) (maker) #1 SMP\\0'; b[0x600:0x600 + len(v)] = v
        open('\(path)', 'wb').write(b)"
        """
    }

    private func yard(_ script: String) throws -> (ContainerYard, AssembledImage) {
        let yard = try ContainerYard()
        try yard.finish([yard.layer("\(ContainerYard.root); printf initrd > boot/initrd.img-6.1-2; \(script)")])
        return (yard, try yard.assemble())
    }

    @Test(
        "files that look like a kernel keep no image from being made",
        arguments: [
            "vmlinux-6.1-2.gz", "vmlinuz-6.1-2.old", "vmlinuz-6.1-2.efi.signed", "vmlinuz-6.1-2.dpkg-tmp",
            "vmlinuz-9.9",
            "vmlinuz-0-rescue-1234",
        ])
    func lookalikes(_ name: String) throws {
        let (yard, result) = try yard(
            "\(Self.kernel("6.1-2", at: "boot/vmlinuz-6.1-2")); printf 'no kernel' > boot/\(name)")
        #expect(try yard.run("head -c 518 staging/vmlinuz | tail -c 4") == "HdrS")
        #expect(result.notes.contains { $0.contains(name) } == (name == "vmlinuz-9.9"))
        #expect(try yard.run("ls staging").contains("boot-file") == false)
    }

    @Test("the version that is asked for is taken, and one that is not there refused")
    func version() throws {
        let yard = try ContainerYard()
        let kernels = ["6.1-2", "6.1-9"].map { Self.kernel($0, at: "boot/vmlinuz-\($0)") }.joined(separator: "; ")
        try yard.finish([
            yard.layer(
                "\(ContainerYard.root); mkdir usr/lib/modules/6.1-9; \(kernels); printf 2 > boot/initrd.img-6.1-2; printf 9 > boot/initrd.img-6.1-9"
            )
        ])
        for (wanted, initrd) in [(nil, "9"), (KernelVersion("6.1-2"), "2")] {
            try yard.run("rm -rf staging; mkdir staging")
            try assemble(yard, wanted)
            #expect(try yard.run("cat staging/initrd.img") == initrd)
        }
        let error = #expect(throws: ImagePlanningError.self) { try assemble(yard, KernelVersion("6.2")) }
        #expect(error?.cause.contains("no kernel of version '6.2'") == true)
    }

    private func assemble(_ yard: ContainerYard, _ version: KernelVersion?) throws {
        var source = LayoutSource(yard.path + "/layout")
        var request = ContainerRequest(container: try yard.container(), staging: yard.file("staging"))
        request.kernelVersion = version
        _ = try ContainerAssembly.run(request, from: &source, progress: { _ in })
    }

    @Test(
        "a kernel is found whichever of its names came first",
        arguments: [
            "ln boot/vmlinuz-6.1-2 usr/lib/modules/6.1-2/vmlinuz",
            "mv boot/vmlinuz-6.1-2 usr/lib/modules/6.1-2/vmlinuz; mkdir objects; ln usr/lib/modules/6.1-2/vmlinuz objects/a",
            "mv boot/vmlinuz-6.1-2 usr/lib/modules/6.1-2/vmlinuz; ln usr/lib/modules/6.1-2/vmlinuz boot/vmlinuz-6.1-2.old",
        ])
    func hardLinks(_ script: String) throws {
        let (yard, _) = try yard("\(Self.kernel("6.1-2", at: "boot/vmlinuz-6.1-2")); \(script)")
        #expect(try yard.run("head -c 518 staging/vmlinuz | tail -c 4") == "HdrS")
        let list = try yard.listing()
        #expect(!list.contains { $0.contains("vmlinuz") })
        #expect(list.contains { $0.hasSuffix("objects/a") } == script.contains("objects"))
    }

    @Test("what is left out under one name stays under another")
    func revived() throws {
        let (yard, _) = try yard(
            """
            \(Self.kernel("6.1-2", at: "boot/vmlinuz-6.1-2")); printf 'CONFIG=y' > boot/config-6.1-2
            ln boot/config-6.1-2 usr/lib/modules/6.1-2/config; ln boot/config-6.1-2 usr/zconfig
            """)
        try yard.run(
            """
            unsquashfs -q -n -no-xattrs -d out staging/root.squashfs; test "$(cat out/usr/lib/modules/6.1-2/config)" = CONFIG=y
            test out/usr/zconfig -ef out/usr/lib/modules/6.1-2/config
            """)
    }

    @Test("what a container engine left is left out and named, what somebody wrote is kept")
    func leftovers() throws {
        let (yard, result) = try yard(
            """
            \(Self.kernel("6.1-2", at: "boot/vmlinuz-6.1-2")); touch .dockerenv; mkdir -p run/systemd dev
            echo podman > run/systemd/container; : > dev/console; : > etc/resolv.conf; echo 0123456789ab > etc/hostname
            echo '10.0.0.5 database' > etc/hosts
            """)
        let list = try yard.listing()
        for path in [".dockerenv", "run/systemd/container", "dev/console", "etc/resolv.conf", "etc/hostname"] {
            #expect(!list.contains { $0.hasSuffix(" \(path)") }, "\(path)")
            #expect(result.notes.contains { $0.hasPrefix("/\(path) is left out") }, "\(path) in \(result.notes)")
        }
        #expect(list.contains { $0.hasSuffix(" etc/hosts") } && !result.notes.contains { $0.contains("/etc/hosts") })
    }

    @Test("the architecture is that of the first process, not of the first program met")
    func architecture() throws {
        let old =
            "printf '\\177ELF\\001\\001\\001\\0\\0\\0\\0\\0\\0\\0\\0\\0\\002\\0\\003\\0' > bin-32; chmod 755 bin-32"
        let (yard, result) = try yard("\(Self.kernel("6.1-2", at: "boot/vmlinuz-6.1-2")); \(old)")
        #expect(result.image.manifest.architecture == ImageArchitecture.host)
        _ = yard
        let other = try ContainerYard()
        let init32 = old.replacing("bin-32", with: "sbin/init")
        try other.finish([
            other.layer("\(ContainerYard.root); \(ContainerYard.kernel); rm sbin/init; \(init32)")
        ])
        let error = #expect(throws: ImageAssemblyError.self) { try other.assemble() }
        #expect(error?.kind == .wrongArchitecture && error?.cause.contains("are for 386") == true)
    }

    @Test("what would not boot is refused on the machine, and taken when that is allowed")
    func checked() throws {
        let yard = try ContainerYard()
        try yard.finish(
            [yard.layer("\(ContainerYard.root); \(ContainerYard.kernel)")],
            labels: "{\"io.lifeboot.kernel-arguments\":\"quiet lifeboot.verity=off\"}")
        let error = #expect(throws: ImageAssemblyError.self) { try yard.assemble() }
        #expect(error?.kind == .unbootable && error?.remedy.contains("--allow kernel-arguments") == true)
        var source = LayoutSource(yard.path + "/layout")
        var request = ContainerRequest(container: try yard.container(), staging: yard.file("staging"))
        request.allowedChecks = ["kernel-arguments"]
        let result = try ContainerAssembly.run(request, from: &source, progress: { _ in })
        #expect(result.warnings.contains { $0.hasPrefix("kernel-arguments: ") })
        #expect(result.warnings.contains { $0.hasPrefix("initrd-unread: ") })
    }
}
