import SystemPackage

/// Reads how much memory the machine has (proc(5), `/proc/meminfo`).
package enum MachineMemory {
    /// All memory in KiB; nil when the kernel does not say.
    package static var kibibytes: UInt64? {
        let bytes = (try? FileBytes.read("/proc/meminfo", limit: 1 << 16)) ?? []
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }
    }
}
