import Faults
import SystemPackage
import Testing

@testable import TransactionPlanning

@Suite("Writing to a medium")
struct MediumWritingTests {
    private static func facts(
        _ filesystem: String? = "vfat", _ change: (inout MediumWriteFacts) -> Void = { _ in }
    ) -> MediumWriteFacts {
        var device = SeenDevice("/dev/sda1")
        device.filesystem = filesystem
        var facts = MediumWriteFacts(device)
        change(&facts)
        return facts
    }

    private static func refusal(_ facts: MediumWriteFacts) -> Refusal? {
        do throws(Refusal) {
            _ = try facts.filesystem()
            return nil
        } catch { return error }
    }

    @Test("a stick is written by the filesystem that it has", arguments: ["vfat", "exfat", "ext4", "ext2", "xfs"])
    func written(name: String) throws { #expect(try Self.facts(name).filesystem().type == name) }

    @Test("the machine's own disk, what is write-protected and what others use are refused, with what to do")
    func refused() {
        let own = Self.refusal(Self.facts { $0.isOwn = true })
        #expect(own?.kind == .diskInUse && own?.remedy.contains("`lifeboot media` lists") == true)
        let protected = Self.refusal(Self.facts { $0.isProtected = true })
        #expect(protected?.cause == "the device is write-protected")
        let mounted = Self.refusal(Self.facts { $0.mounts = ["/mnt"] })
        #expect(mounted?.kind == .diskInUse && mounted?.remedy.contains("`umount /mnt`") == true)
    }

    @Test(
        "what the kernel cannot write is refused, and a disk names its partitions",
        arguments: ["iso9660", "udf", "swap"])
    func unwritable(name: String) {
        #expect(Self.refusal(Self.facts(name))?.cause == "its filesystem \(name) cannot be written here")
        #expect(Self.refusal(Self.facts(nil))?.cause == "no filesystem was found on it")
        let disk = Self.refusal(Self.facts(nil) { $0.partitions = ["/dev/sda1", "/dev/sda2"] })
        #expect(disk?.remedy == "Name one of them: /dev/sda1, /dev/sda2.")
    }

    @Test(
        "a file that does not fit says how much room is needed",
        arguments: [
            ("vfat", 1_000_000, 1_065_536, nil), ("vfat", 1_000_000, 1_065_535, "1.0 MB are needed"),
            ("vfat", 4_294_967_295, Int.max, nil),
            ("vfat", 4_294_967_296, Int.max, "larger than vfat can hold (4.2 GB)"),
            ("exfat", 4_294_967_296, Int.max, nil),
        ] as [(String, Int, Int, String?)])
    func room(name: String, size: Int, free: Int, cause: String?) throws {
        let facts = Self.facts(name)
        do throws(Refusal) {
            try facts.checkRoom(for: size, free: free, try facts.filesystem())
            #expect(cause == nil)
        } catch {
            #expect(error.kind == .space && cause.map(error.cause.contains) == true, "\(error)")
        }
    }
}
