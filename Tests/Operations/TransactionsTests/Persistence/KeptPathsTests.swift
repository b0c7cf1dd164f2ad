import BootModel
import LinuxSystem
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("Kept paths")
struct KeptPathsTests {
    private static let store: FilePath = "/run/lifeboot/persistent"
    private static let partition = "40 30 253:5 / /run/lifeboot/persistent rw - ext4 /dev/vda5 rw"

    private static func overlay(_ path: String, upper: String) -> String {
        "50 30 0:40 / \(path) rw - overlay overlay rw,lowerdir=/sysroot\(path),upperdir=\(upper),workdir=/x"
    }

    private func find(_ lines: String...) -> [KeptPath] {
        KeptPaths.find(
            in: MountEntry.parse(([Self.partition] + lines).joined(separator: "\n")), store: Self.store)
    }

    @Test("overlays and binds of the partition are found, in the order of their names")
    func both() {
        let found = find(
            "51 30 253:5 /state/home/data /home rw - ext4 /dev/vda5 rw",
            Self.overlay("/etc", upper: "\(Self.store)/state/etc/upper"))
        #expect(
            found == [
                KeptPath("/etc", .overlay, in: "state/etc"), KeptPath("/home", .bind, in: "state/home"),
            ])
    }

    @Test("a path whose name has a blank is found")
    func blank() {
        let found = find(Self.overlay("/my\\040data", upper: "\(Self.store)/state/my\\040data/upper"))
        #expect(found == [KeptPath("/my data", .overlay, in: "state/my data")])
    }

    @Test(
        "nothing else is",
        arguments: [
            overlay("/var", upper: "/run/lifeboot/overlay/var/upper"),
            overlay("/var", upper: "\(store)/state/var/deeper/upper"),
            overlay("/var", upper: "\(store)/other/var/upper"),
            overlay("/var", upper: "\(store)/state/var/data"),
            "51 30 253:6 /state/home/data /home rw - ext4 /dev/vdb1 rw",
            "51 30 253:5 /state/home /home rw - ext4 /dev/vda5 rw",
        ])
    func others(line: String) {
        #expect(find(line) == [])
    }

    @Test("what is mounted over a kept path later hides it")
    func hidden() {
        let kept = Self.overlay("/etc", upper: "\(Self.store)/state/etc/upper")
        #expect(find(kept, "60 30 0:50 / /etc rw - tmpfs tmpfs rw") == [])
    }

    @Test(
        "the vendor's overlays below a kept path are known, in both forms of the option",
        arguments: [
            "lowerdir=/run/o/2:/run/o/1:/sysroot/etc", "lowerdir+=/run/o/2,lowerdir+=/run/o/1,lowerdir+=/sysroot/etc",
        ])
    func layers(option: String) {
        let line =
            "50 30 0:40 / /etc rw - overlay overlay rw,\(option),upperdir=\(Self.store)/state/etc/upper,workdir=/x"
        #expect(find(line) == [KeptPath("/etc", .overlay, in: "state/etc", over: ["/run/o/2", "/run/o/1"])])
    }

    @Test("folders that no path shows are named")
    func unused() throws {
        let folder = try TestFolder()
        for name in ["state/etc/upper/x", "state/old/data/x"] { try folder.write("", to: name) }
        let names = try KeptPaths.unused(besides: [KeptPath("/etc", .overlay, in: "state/etc")], store: folder.path)
        #expect(names == ["old"])
    }
}
