/// Says by its first bytes that a file is a kernel, and for which machines.
package struct KernelHeader: Equatable, Sendable {
    /// The format, for people.
    package let format: String
    /// The machine types on which it boots, in OCI's spelling; several where the header leaves it open.
    package let architectures: [String]
    /// The version that the file itself says, as its modules' folder is named; nil where it does not.
    package let version: KernelVersion?
    /// Whether a signature is attached, by which shim and firmware know it.
    package private(set) var isSigned: Bool

    /// Names what was found.
    package init(format: String, architectures: [String], version: KernelVersion? = nil, isSigned: Bool = false) {
        self.format = format
        self.architectures = architectures
        self.version = version
        self.isSigned = isSigned
    }

    /// Looks at the beginning of a file; nil for what is no kernel that is known here.
    ///
    /// - Parameter head: at least `KernelImageVersion.headLength` bytes, or the whole file; not compressed.
    package init?(head: [UInt8]) {
        if let header = Self.bzImage(head) ?? Self.flatImage(head) ?? Self.zboot(head) {
            self = header
            isSigned = EFIProgram.isSigned(head: head)
        } else {
            return nil
        }
    }

    /// The boot sector's signature and the setup header (Documentation/arch/x86/boot.rst): `XLF_KERNEL_64` in `xloadflags`
    /// from protocol 2.12 on.
    private static func bzImage(_ head: [UInt8]) -> KernelHeader? {
        guard head.count >= 0x238, text(head, 0x202, "HdrS"), head[0x1FE] == 0x55, head[0x1FF] == 0xAA else {
            return nil
        }
        var architectures = ["amd64", "386"]
        if number(head, 0x206) >= 0x20C { architectures = [head[0x236] & 1 == 1 ? "amd64" : "386"] }
        return KernelHeader(
            format: "bzImage", architectures: architectures, version: KernelImageVersion.version(head: head))
    }

    /// The magic at byte 56 (Documentation/arch/arm64/booting.rst, Documentation/arch/riscv/boot-image-header.rst).
    private static func flatImage(_ head: [UInt8]) -> KernelHeader? {
        guard head.count >= 64 else { return nil }
        if text(head, 56, "ARM\u{64}") { return KernelHeader(format: "Image", architectures: ["arm64"]) }
        if text(head, 56, "RSC\u{05}") { return KernelHeader(format: "Image", architectures: ["riscv64"]) }
        return nil
    }

    /// A compressed kernel in an EFI program that unpacks it (drivers/firmware/efi/libstub/zboot-header.S); the machine is
    /// that of the PE header.
    private static func zboot(_ head: [UInt8]) -> KernelHeader? {
        guard head.count >= 64, text(head, 0, "MZ"), text(head, 4, "zimg") else { return nil }
        let header = number(head, 0x3C)
        guard header + 6 <= head.count, text(head, header, "PE\0\0") else { return nil }
        let machines = [0xAA64: "arm64", 0x5064: "riscv64", 0x8664: "amd64", 0x6264: "loong64"]
        guard let machine = machines[number(head, header + 4)] else { return nil }
        return KernelHeader(format: "EFI zboot", architectures: [machine])
    }

    private static func text(_ bytes: [UInt8], _ offset: Int, _ text: String) -> Bool {
        bytes[offset...].starts(with: text.utf8)
    }

    /// Two bytes, the low one first.
    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }
}

/// Says for which machines a system is: those of its kernel and of its first process, of nothing else in it.
package enum SystemArchitecture {
    /// Kernels that run programs of another machine type as well.
    private static let guests = ["amd64": ["386"], "arm64": ["arm"]]

    /// The machine type that an ELF file is for, in OCI's spelling; nil for other files and other machines.
    ///
    /// - Parameter header: the first 20 bytes (elf(5), `e_machine`).
    package static func ofProgram(elf header: [UInt8]) -> String? {
        guard header.count >= 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]), header[5] == 1 else { return nil }
        switch UInt16(header[18]) | UInt16(header[19]) << 8 {
        case 3: return "386"
        case 40: return "arm"
        case 62: return "amd64"
        case 183: return "arm64"
        case 243: return "riscv64"
        case 258: return "loong64"
        default: return nil
        }
    }

    /// The machine type of the whole; nil when neither says.
    ///
    /// - Parameters:
    ///   - kernel: the machine types on which the kernel boots; empty when nobody knows.
    ///   - program: that of the first process.
    package static func of(kernel: [String], program: String?) -> String? {
        guard let program else { return kernel.count == 1 ? kernel.first : nil }
        if kernel.isEmpty || kernel.contains(program) { return program }
        return kernel.count == 1 ? kernel.first : nil
    }

    /// Says whether a kernel for these machine types runs such a program; a kernel that nobody knows might.
    package static func runs(_ program: String, kernel: [String]) -> Bool {
        kernel.isEmpty || kernel.contains { $0 == program || guests[$0]?.contains(program) == true }
    }
}
