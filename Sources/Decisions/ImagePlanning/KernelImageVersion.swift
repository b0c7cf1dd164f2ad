/// Reads the version out of a kernel file.
package enum KernelImageVersion {
    /// The bytes from the start of the file that suffice.
    package static let headLength = 64 << 10

    /// The version of an x86 kernel, as its modules' folder is named; nil for other files.
    ///
    /// The setup header has the offset of a text that begins with it (Documentation/arch/x86/boot.rst, `kernel_version`).
    package static func version(head: [UInt8]) -> KernelVersion? {
        guard head.count >= 0x210, Array(head[0x202..<0x206]) == Array("HdrS".utf8) else { return nil }
        let start = 0x200 + (Int(head[0x20E]) | Int(head[0x20F]) << 8)
        guard start > 0x200, start < head.count else { return nil }
        let text = head[start...].prefix { $0 > 0x20 && $0 < 0x7F }
        guard (1...128).contains(text.count) else { return nil }
        return KernelVersion(String(decoding: text, as: UTF8.self))
    }
}
