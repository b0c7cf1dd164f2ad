import Faults

/// What systemd says of the time of this boot (`systemctl show`, org.freedesktop.systemd1(5)).
package struct ManagerTimes: Equatable, Sendable {
    /// What is asked for, by the names of systemd's properties.
    package enum Property: String, CaseIterable, Sendable {
        /// How long firmware and boot loader took together; the kernel's start is their end.
        case firmware = "FirmwareTimestampMonotonic"
        /// How long the boot loader took.
        case loader = "LoaderTimestampMonotonic"
        /// When the first process of the initramfs began: systemd there, or the agent, which tells it to systemd.
        case initrd = "InitRDTimestampMonotonic"
        /// When the system's systemd began.
        case userspace = "UserspaceTimestampMonotonic"
        /// When it had started all that belongs to the boot.
        case finish = "FinishTimestampMonotonic"
        /// How often the system was restarted without its kernel (a newer systemd).
        case softReboots = "SoftRebootsCount"
    }

    private var values: [Property: Int64] = [:]

    /// Reads lines `NAME=NUMBER`; what systemd does not know is 0 there, and nil here.
    ///
    /// - Throws: `BootTimesError` when a number is none, or is not a time of this boot.
    package init(parsing text: String) throws(BootTimesError) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2, let property = Property(rawValue: String(words[0])), !words[1].isEmpty else {
                continue
            }
            guard let value = UInt64(words[1]), value <= UInt64(BootTimeLimit.clock) else {
                throw BootTimesError(
                    .manager, "reading", "systemd's times", cause: "\(property.rawValue) is '\(words[1])'",
                    remedy: "Compare with systemd-analyze.")
            }
            if value > 0 { values[property] = Int64(value) }
        }
    }

    /// The value of a property; nil when systemd does not know it.
    package subscript(property: Property) -> Int64? { values[property] }

    /// Whether the times of the system are those of a later start than the kernel's.
    package var isRestarted: Bool { self[.softReboots] != nil }
}
