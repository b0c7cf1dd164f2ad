import Faults
import Glibc
import SystemPackage
import Testing

@testable import LinuxSystem

@Suite("Modules of the kernel")
struct KernelModuleTests {
    private func cause(_ content: String, _ errno: Errno, name: String = "x.ko") throws -> String {
        let folder = try TemporaryFolder()
        let file = folder.path.appending(name)
        try AtomicFile.write(Array(content.utf8), to: file)
        let error = KernelModule.failure(file, errno, name != "x.ko")
        #expect(error.errno == errno && error.subject == file.string && !error.remedy.isEmpty)
        return error.cause
    }

    @Test("a module of another kernel is told with both releases")
    func otherKernel() throws {
        let content = "\u{7F}ELF\0vermagic=5.10.0-1-amd64 SMP mod_unload \0license=GPL\0"
        let cause = try cause(content, .execFormatError)
        #expect(cause == "it was made for the kernel 5.10.0-1-amd64, and \(KernelNames.release) runs")
    }

    @Test("a module of this kernel that it does not take is damaged, or has other settings")
    func damaged() throws {
        let own = "vermagic=\(KernelNames.release) SMP preempt\0"
        #expect(try cause(own, .execFormatError).hasPrefix("it is damaged, or has other settings"))
        #expect(try cause("nothing", .invalidArgument) == "it is damaged")
        #expect(try cause("", .execFormatError) == "it is damaged")
        #expect(try cause(own, .execFormatError, name: "x.ko.xz").contains("cannot decompress it"))
    }

    @Test(
        "what the kernel does not like is told by its number",
        arguments: [
            (EKEYREJECTED, "signature"), (ENOKEY, "signature"), (EBADMSG, "signature"), (EPERM, "keeps it out"),
            (ENOENT, "symbol"),
        ])
    func causes(number: Int32, word: String) throws {
        #expect(try cause("x", Errno(rawValue: number)).contains(word))
    }

    @Test("a file that is not there is an error of that file")
    func absent() {
        let error = #expect(throws: SystemError.self) { try KernelModule.load("/nowhere/x.ko", parameters: "") }
        #expect(error?.subject == "/nowhere/x.ko")
    }
}

@Suite("Aliases of devices")
struct DeviceAliasesTests {
    @Test("they stand in the uevent files of all buses, each once; what has none is passed over")
    func all() throws {
        let root = try TemporaryFolder()
        for (device, text) in [
            ("pci/devices/0", "DRIVER=x\nMODALIAS=pci:v1\n"), ("pci/devices/1", "MODALIAS=pci:v1\n"),
            ("mmc/devices/a", "MMC_TYPE=SD\nMODALIAS=mmc:block"), ("cpu/devices/cpu0", "DRIVER=processor\n"),
            ("usb/devices/u", ""),
        ] {
            let folder = root.path.appending("bus/\(device)")
            try Folders.make(folder)
            try AtomicFile.write(Array(text.utf8), to: folder.appending("uevent"))
        }
        try Folders.make(root.path.appending("bus/scsi/devices/gone"))
        #expect(try DeviceAliases.all(in: root.path) == ["mmc:block", "pci:v1"])
        #expect(try DeviceAliases.all(in: root.path.appending("none")) == [])
    }
}

@Suite("Ids before there is entropy")
struct EarlyRandomTests {
    @Test("numbers differ, in all their bits")
    func differs() {
        var random = EarlyRandom()
        let numbers = (0..<64).map { _ in random.next() }
        #expect(Set(numbers).count == 64)
        #expect(numbers.reduce(0, |) == .max && numbers.reduce(.max, &) == 0)
    }
}
