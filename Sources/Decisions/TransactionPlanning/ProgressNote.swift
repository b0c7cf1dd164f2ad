package import JSONText

/// How far an operation is that is at work, for those who did not start it: `/run/lifeboot/progress`.
package struct ProgressNote: Equatable, Sendable {
    /// The version of the form.
    private static let format: Int64 = 1
    /// The file below `/run/lifeboot`.
    package static let file = "progress"

    /// The file beside it with the reason why something that a unit was to do was not done.
    package static let failureFile = "resume.failed"

    /// The process that carries it out; without it the note is of no use.
    package var process: Int32
    /// The verb, such as `reset`.
    package var operation: String
    /// The step that it is at, from one; nil before the first.
    package var step: (number: Int, count: Int, text: String)?
    /// What a long step does, such as `copying root.squashfs`; nil when it says nothing.
    package var activity: String?
    /// Bytes done of that.
    package var done = 0
    /// Bytes in all; nil when nobody knows.
    package var total: Int?

    /// An operation that begins.
    package init(process: Int32, operation: String) { (self.process, self.operation) = (process, operation) }

    /// Takes what the operation tells; false when that changes nothing here.
    package mutating func take(step number: Int, of count: Int, text: String) {
        step = (number, count, text)
        (activity, done, total) = (nil, 0, nil)
    }

    /// The lines for people.
    package var lines: [String] {
        let place = step.map { ", step \($0.number) of \($0.count): \($0.text)" } ?? ""
        return ["\(operation)\(place)"] + (activity.map { ["  \($0)\(amount)"] } ?? [])
    }

    private var amount: String {
        guard let total, total > 0 else { return "" }
        return ", \(min(done, total) * 100 / total) % of \(total >> 20) MiB"
    }

    /// Whether both say the same.
    package static func == (one: ProgressNote, other: ProgressNote) -> Bool { one.json == other.json }
}

extension ProgressNote {
    /// The note as it is written.
    package var json: JSONValue {
        [
            "format": .integer(Self.format), "process": .integer(Int64(process)), "operation": .string(operation),
            "step": .integer(Int64(step?.number ?? 0)), "steps": .integer(Int64(step?.count ?? 0)),
            "action": .string(step?.text ?? ""), "activity": activity.map { .string($0) } ?? .null,
            "done": .integer(Int64(done)), "total": total.map { .integer(Int64($0)) } ?? .null,
        ]
    }

    /// Reads a note; nil for what is none.
    package init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), value["format"]?.integer == Self.format,
            let process = value["process"]?.integer.flatMap({ Int32(exactly: $0) }), process > 0,
            let operation = value["operation"]?.text
        else { return nil }
        self.init(process: process, operation: operation)
        if let number = value["step"]?.integer, number > 0, let count = value["steps"]?.integer {
            step = (Int(clamping: number), Int(clamping: count), value["action"]?.text ?? "")
        }
        activity = value["activity"]?.text
        done = Int(clamping: max(0, value["done"]?.integer ?? 0))
        // Half of what fits, so that a share can be counted.
        total = value["total"]?.integer.map { Int(clamping: min($0, Int64.max / 200)) }
        done = min(done, Int.max / 200)
    }
}
