import SystemPackage
import Testing

@testable import SystemLayout

@Suite("Reserved paths")
struct ReservedPathsTests {
    @Test(
        "nothing may be mounted over what runs before anybody is asked, or says who is trusted",
        arguments: [
            "/", "/usr", "/usr/bin", "/usr/lib/systemd/system-generators", "/usr/share/x", "/bin", "/sbin/init", "/lib",
            "/lib64/x", "/boot", "/boot/x", "/efi", "/proc/1", "/sys", "/dev/shm", "/run/lock",
            "/lifeboot", "/system/oem", "/etc/lifeboot", "/etc/lifeboot/keys", "/etc/systemd/system-generators",
            "/usr/local/lib/systemd/system-generators",
        ])
    func reserved(path: FilePath) {
        #expect(ReservedPaths.contain(path) && ReservedPaths.containVolume(path))
        #expect(throws: LayoutError.self) { try FilePath.mountPoint(path.string) }
    }

    @Test(
        "what is the machine's own may be kept or mounted",
        arguments: [
            "/home", "/var", "/var/lib/x", "/opt", "/srv/usr", "/tmp", "/oem", "/usr/local", "/usr/local/bin",
            "/library", "/users",
        ])
    func free(path: FilePath) {
        #expect(!ReservedPaths.contain(path) && !ReservedPaths.containVolume(path))
    }

    @Test(
        "configuration may persist, but no volume may hide the image's",
        arguments: ["/etc", "/etc/systemd", "/etc/systemd/system"])
    func configuration(path: FilePath) throws {
        #expect(try FilePath.mountPoint(path.string) == path)
        #expect(throws: LayoutError.self) { try FilePath.volumePoint(path.string) }
        #expect(throws: LayoutError.self) { try Layout.default.merging(overlay: nil, volumes: ["LABEL=x:\(path)"]) }
    }
}
