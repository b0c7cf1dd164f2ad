/// What can be learned of the time of a boot.
package struct BootTimesFacts: Equatable, Sendable {
    /// The firmware's own measurements; nil when it has none.
    package var firmware: FirmwareTimes?
    /// systemd's; nil when it could not be asked.
    package var manager: ManagerTimes?
    /// The report of the initramfs; nil when there is none, or none that can be read.
    package var report: ReportedTimes?
    /// When all this was read, in microseconds of the kernel's clock.
    package var now: Int64
    /// What could not be read, one line each.
    package var problems: [String] = []

    /// Starts with nothing known.
    package init(now: Int64) { self.now = now }
}

/// Where the time of this boot went.
package struct BootTimeline: Equatable, Sendable {
    /// One for each `BootPart`, in order, also for those of which nothing is known.
    package let parts: [BootSpan]
    /// Whether systemd has finished; nil when nobody knows.
    package let isFinished: Bool?
    /// Whether the agent was the first process of the initramfs; nil when nobody knows.
    package let isAlone: Bool?
    /// What could not be read, and what contradicts, one line each.
    package let problems: [String]

    /// Puts together what is known.
    package init(_ facts: BootTimesFacts) {
        let initramfs = facts.initramfs
        parts = facts.beforeKernel + [facts.kernel, initramfs, facts.system]
        isFinished = facts.manager.map { $0[.finish] != nil }
        isAlone = facts.report?.isAlone
        problems = facts.problems + facts.contradictions(initramfs)
    }

    /// The part of that name.
    package subscript(part: BootPart) -> BootSpan {
        parts.first { $0.name == part.rawValue } ?? BootSpan(part.rawValue)
    }

    /// From the first moment that is known to the last; nil when it is not known when the boot ended.
    package var total: (start: Int64, duration: Int64)? {
        guard let start = parts.lazy.compactMap(\.start).min(), let end = self[.system].end, end >= start else {
            return nil
        }
        return (start, end - start)
    }

    /// Whether nothing has a time but the start of the kernel's clock, which always has.
    package var isEmpty: Bool {
        parts.allSatisfy {
            $0.duration == nil && $0.parts.isEmpty && ($0.start == nil || $0.name == BootPart.kernel.rawValue)
        }
    }
}

extension BootTimesFacts {
    /// Where the initramfs begins: systemd there says it, or the agent; in a report of an older agent that was alone its
    /// first phase is next to that.
    var initramfsStart: Int64? {
        if let start = manager?[.initrd] ?? report?.initStarted { return start }
        guard let report, report.isAlone else { return nil }
        return report.started
    }

    /// Where the system begins, when that was in the boot that the other times are of.
    var systemStart: Int64? { manager?.isRestarted == true ? nil : manager?[.userspace] }

    /// What cannot be true at once.
    fileprivate func contradictions(_ initramfs: BootSpan) -> [String] {
        var lines: [String] = []
        if let report, let start = initramfs.start, report.started < start {
            lines.append("The initramfs' report begins before the initramfs; one of its times is wrong.")
        }
        if let report, let end = initramfs.end, report.end > end {
            lines.append("The initramfs' report ends after the initramfs; one of its times is wrong.")
        }
        if let count = manager?[.softReboots] {
            lines.append(
                "The system was restarted without its kernel (soft-reboot, \(count) times): what is said of it is of the "
                    + "last time.")
        }
        return lines
    }
}
