import Faults
import Foundation
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage
import Testing

@testable import ImageAssembly

private let hasTools = ["/usr/bin/unsquashfs", "/usr/bin/python3"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Boot files of the machine", .enabled(if: hasTools))
struct LocalBootFilesTests {
    /// Writes a file that says its version where an x86 kernel does.
    private static func kernel(_ version: String) -> String {
        """
        python3 -c "
        b = bytearray(4096); b[0x202:0x206] = b'HdrS'; b[0x20e:0x210] = (0x400).to_bytes(2, 'little')
        v = b'\(version) (maker) #1 SMP\\0'; b[0x600:0x600 + len(v)] = v
        open('boot/vmlinuz-\(version)', 'wb').write(b)"; printf initrd > boot/initrd.img-\(version)
        """
    }

    /// An image on the machine and a container made of its root, which has neither kernel nor initrd.
    private func yard(version: String = "6.1-2", _ change: String = "true") throws -> ContainerYard {
        let yard = try ContainerYard()
        try yard.finish([yard.layer("\(ContainerYard.root); \(Self.kernel(version))")])
        try yard.assemble()
        try yard.run(
            "mv staging local; mkdir staging; unsquashfs -q -n -no-xattrs -d running local/root.squashfs; rm -r layout")
        try yard.finish([yard.layer("cp -a ../running/. .; ls boot; \(change)")])
        return yard
    }

    private func local(_ yard: ContainerYard) -> LocalBootFiles {
        LocalBootFiles(directory: yard.file("local"), root: yard.file("running"))
    }

    @Test("a container of the running root takes kernel and initrd from the image of the machine, and says so")
    func taken() throws {
        let yard = try yard()
        let result = try yard.assemble(local: local(yard))
        let running = try Manifest(parsing: FileBytes.read(yard.file("local/manifest.json"), limit: 1 << 20))
        #expect(result.image.manifest.kernel == running.kernel && result.image.manifest.initrd == running.initrd)
        guard case .local(let id) = result.bootFiles else { return #expect(Bool(false), "\(result.bootFiles)") }
        #expect(result.notes.contains { $0.contains("6.1-2") && $0.contains(id.description) }, "\(result.notes)")
        #expect(!result.notes.contains { $0.contains("changed") })
        try yard.run("cmp local/vmlinuz staging/vmlinuz; cmp local/initrd.img staging/initrd.img")
    }

    @Test(
        "what the container changed of the initrd's sources is said",
        arguments: [
            ("echo more >> usr/lib/lifeboot/lifeboot-init", "/usr/lib/lifeboot/lifeboot-init"),
            ("printf agenT > usr/lib/lifeboot/lifeboot-init", "/usr/lib/lifeboot/lifeboot-init"),
            ("mkdir -p etc/dracut.conf.d; touch etc/dracut.conf.d/new.conf", "/etc/dracut.conf.d/new.conf"),
            ("printf modulE > usr/lib/modules/6.1-2/kernel/a.ko", "/usr/lib/modules/6.1-2/kernel/a.ko"),
        ])
    func changed(change: String, path: String) throws {
        let yard = try yard(change)
        let notes = try yard.assemble(local: local(yard)).notes
        #expect(notes.contains { $0.contains("changed") && $0.contains(path) }, "\(notes)")
    }

    @Test("modules of another version, no image on the machine, and a rotten one are refused with a remedy")
    func refused() throws {
        let yard = try yard("mv usr/lib/modules/6.1-2 usr/lib/modules/6.1-3")
        let error = #expect(throws: ImageAssemblyError.self) { try yard.assemble(local: local(yard)) }
        #expect(error?.cause.contains("modules for 6.1-3 do not fit the kernel 6.1-2") == true)
        #expect(throws: ImagePlanningError.self) { try yard.assemble() }
        let rotten = try self.yard()
        try rotten.run("printf X | dd of=local/initrd.img conv=notrunc 2>/dev/null")
        let damaged = #expect(throws: ImageAssemblyError.self) { try rotten.assemble(local: local(rotten)) }
        #expect(damaged?.kind == .damaged)
    }

    @Test("without the running root, it is said that nothing was compared")
    func unchecked() throws {
        let yard = try yard()
        let notes = try yard.assemble(local: LocalBootFiles(directory: yard.file("local"))).notes
        #expect(notes.contains { $0.contains("was not checked") })
    }
}
