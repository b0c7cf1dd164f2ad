import BootModel
package import JSONText

extension BootTimeline {
    /// The version of the form; it grows when a member changes its meaning or goes.
    package static let format: Int64 = 1

    /// The times for programs (docs/operating.md).
    package var json: JSONValue {
        [
            "format": .integer(Self.format),
            "finished": isFinished.map { .bool($0) } ?? .null,
            "initramfs": isAlone.map { .string($0 ? "minimal" : "full") } ?? .null,
            "totalMicroseconds": time(total?.duration),
            "parts": .array(parts.map(\.json)),
            "problems": .array(problems.map { .string($0) }),
        ]
    }
}

extension BootSpan {
    /// The piece, with its pieces; a member that is not known is null.
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "subject": text(subject), "startedMicroseconds": time(start),
            "microseconds": time(duration), "outcome": text(outcome), "remark": text(remark),
            "parts": .array(parts.map(\.json)),
        ]
    }
}

private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

private func time(_ time: Int64?) -> JSONValue { time.map { .integer($0) } ?? .null }
