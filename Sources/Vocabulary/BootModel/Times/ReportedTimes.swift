import Faults
package import JSONText

/// The times in the report of the initramfs stage (`BootReport`), also in one that an older agent has written.
///
/// The agent of the initramfs may be of another version than the one that reads: after an upgrade, or in an image that was
/// put together so.
package struct ReportedTimes: Equatable, Sendable {
    /// When `/init` began; nil where another one was the first process, or in an older report.
    package let initStarted: Int64?
    /// When the first phase began.
    package let started: Int64
    /// How long all phases took.
    package let duration: Int64
    /// The phases, each with its planning and its steps.
    package let phases: [BootSpan]

    /// Reads a report.
    ///
    /// - Throws: `BootTimesError` when it has another form, or a member is missing or cannot be.
    package init(_ report: JSONValue) throws(BootTimesError) {
        guard let format = report["format"]?.integer else { throw .damagedReport("it has no format") }
        guard format == BootReport.format else { throw .otherReport(format) }
        initStarted = try Self.time("initMicroseconds", of: report)
        started = try Self.required("startedMicroseconds", of: report)
        duration = try Self.required("durationMicroseconds", of: report)
        var phases = ReportedPhases(at: started)
        // An older report says nothing of planning.
        for element in report["planning"]?.elements ?? [] {
            phases.plan(
                try Self.word("phase", of: element), start: try Self.time("startedMicroseconds", of: element),
                duration: try Self.required("microseconds", of: element))
        }
        guard let steps = report["steps"]?.elements else { throw .damagedReport("it has no steps") }
        for element in steps {
            let step = BootSpan(
                try Self.word("step", of: element), element["subject"]?.text,
                start: try Self.time("startedMicroseconds", of: element),
                duration: try Self.required("microseconds", of: element), outcome: element["outcome"]?.text)
            phases.add(step, to: try Self.word("phase", of: element))
        }
        self.phases = phases.spans
    }

    /// When the last phase ended.
    package var end: Int64 { started + duration }

    /// Whether the agent was the first process of the initramfs; an older report has its first phase in any case.
    package var isAlone: Bool { initStarted != nil || phases.contains { $0.name == BootPhase.machine.rawValue } }

    private static func word(_ name: String, of element: JSONValue) throws(BootTimesError) -> String {
        guard let word = element[name]?.text else { throw .damagedReport("an entry has no \(name)") }
        return word
    }

    private static func required(_ name: String, of element: JSONValue) throws(BootTimesError) -> Int64 {
        guard let time = try time(name, of: element) else { throw .damagedReport("\(name) is missing") }
        return time
    }

    /// A time; nil when it is null or not there.
    private static func time(_ name: String, of element: JSONValue) throws(BootTimesError) -> Int64? {
        guard let value = element[name], value != .null else { return nil }
        guard let time = value.integer, (0...BootTimeLimit.clock).contains(time) else {
            throw .damagedReport("\(name) is no time of a boot")
        }
        return time
    }
}

/// Puts planning and steps of a report together; what an older report has no start for began when the one before ended.
private struct ReportedPhases {
    private var phases: [(name: String, planning: BootSpan?, steps: [BootSpan])] = []
    private let start: Int64

    init(at start: Int64) { self.start = start }

    mutating func plan(_ name: String, start: Int64?, duration: Int64) {
        phases.append((name, BootSpan("planning", start: start, duration: duration), []))
    }

    mutating func add(_ step: BootSpan, to name: String) {
        if phases.last(where: { $0.name == name }) == nil { phases.append((name, nil, [])) }
        guard let place = phases.lastIndex(where: { $0.name == name }) else { return }
        phases[place].steps.append(step)
    }

    var spans: [BootSpan] {
        var clock = start
        return phases.map { phase in
            let parts = ((phase.planning.map { [$0] } ?? []) + phase.steps).map { part in
                var part = part
                let start = part.start ?? clock
                part.start = start
                clock = start + (part.duration ?? 0)
                return part
            }
            let start = parts.first?.start ?? clock
            return BootSpan(phase.name, start: start, duration: max(0, clock - start), parts: parts)
        }
    }
}

extension BootTimesError {
    fileprivate static func damagedReport(_ cause: String) -> BootTimesError {
        BootTimesError(
            .report, "reading", "the report of the initramfs (/run/lifeboot/boot.json)", cause: cause,
            remedy: "It is written anew at the next boot.")
    }

    fileprivate static func otherReport(_ format: Int64) -> BootTimesError {
        BootTimesError(
            .report, "reading", "the report of the initramfs (/run/lifeboot/boot.json)",
            cause: "it has format \(format), and this program reads format \(BootReport.format)",
            remedy: "Use the lifeboot of the version that is in the initramfs.")
    }
}
