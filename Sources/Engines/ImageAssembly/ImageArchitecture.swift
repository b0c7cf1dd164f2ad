/// Names architectures in OCI's spelling.
package enum ImageArchitecture {
    #if arch(arm64)
        /// The architecture of this machine.
        package static let host = "arm64"
    #else
        /// The architecture of this machine.
        package static let host = "amd64"
    #endif

    /// Reads the architecture out of the first 20 bytes of an ELF file: `e_machine` (elf(5)), nil for others.
    static func of(elf header: [UInt8]) -> String? {
        guard header.count >= 20, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]), header[5] == 1 else { return nil }
        switch UInt16(header[18]) | UInt16(header[19]) << 8 {
        case 62: return "amd64"
        case 183: return "arm64"
        case 3: return "386"
        case 243: return "riscv64"
        default: return nil
        }
    }
}
