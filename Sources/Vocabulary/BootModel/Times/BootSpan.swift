package import Faults

/// The parts of a boot, in order; each ends where the next one begins.
package enum BootPart: String, CaseIterable, Sendable {
    /// From power-on until a boot loader is started.
    case firmware
    /// GRUB, with what is loaded and started before it and with the time in its menu.
    case loader
    /// From the start of its clock to the first program.
    case kernel
    /// From its first process to the real init of the system.
    case initramfs
    /// From there until systemd says that it has finished.
    case system
}

/// A piece of the time of a boot, and the pieces that it consists of.
///
/// Times are microseconds of the kernel's clock (`CLOCK_MONOTONIC`); what was before it began is negative. What nobody
/// tells is nil.
package struct BootSpan: Equatable, Sendable {
    /// What took the time, in a stable word: a `BootPart`, a phase, a step.
    package var name: String
    /// What it was done to; nil where the name says all.
    package var subject: String?
    /// When it began.
    package var start: Int64?
    /// How long it took.
    package var duration: Int64?
    /// What became of a step, as its report says it.
    package var outcome: String?
    /// Why something is not known, or what else there is to say, for people.
    package var remark: String?
    /// The pieces, in order; there may be time between them.
    package var parts: [BootSpan]

    /// Makes a piece.
    package init(
        _ name: String, _ subject: String? = nil, start: Int64? = nil, duration: Int64? = nil, outcome: String? = nil,
        remark: String? = nil, parts: [BootSpan] = []
    ) {
        self.name = name
        self.subject = subject
        self.start = start
        self.duration = duration
        self.outcome = outcome
        self.remark = remark
        self.parts = parts
    }

    /// When it ended.
    package var end: Int64? {
        guard let start, let duration else { return nil }
        return start + duration
    }
}

/// Says why nothing can be learned from what tells of a boot's time.
package typealias BootTimesError = Fault<BootTimesFault>

/// Who told what cannot be.
package enum BootTimesFault: FaultKind {
    /// The report of the initramfs.
    case report
    /// The firmware's table.
    case firmware
    /// systemd.
    case manager
}

/// Bounds that no boot reaches, so that sums of what a file says cannot overflow.
enum BootTimeLimit {
    /// A year, in microseconds.
    static let clock: Int64 = 365 * 86_400 * 1_000_000
    /// The longest time before the kernel that is believed, in microseconds: systemd believes no more either
    /// (src/shared/acpi-fpdt.c), because there are tables with nonsense.
    static let firmware: Int64 = 3_600 * 1_000_000
}
