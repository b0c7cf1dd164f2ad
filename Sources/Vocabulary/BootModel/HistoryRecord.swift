package import JSONText

/// One entry of the ring: what became of a boot, or what an operation changed.
package enum HistoryRecord: Equatable, Sendable {
    /// A boot.
    case boot(BootRecord)
    /// An operation.
    case operation(OperationRecord)

    /// The boot; nil for an operation.
    package var boot: BootRecord? { if case .boot(let record) = self { record } else { nil } }
    /// The operation; nil for a boot.
    package var operation: OperationRecord? { if case .operation(let record) = self { record } else { nil } }

    /// Seconds since 1970 by the machine's clock, which may be wrong.
    package var time: Int64 {
        switch self {
        case .boot(let record): record.time
        case .operation(let record): record.time
        }
    }

    /// Whether both tell of one boot, so that the later takes the place of the earlier.
    func isSameBoot(as other: HistoryRecord) -> Bool {
        guard let boot, let other = other.boot else { return false }
        return boot.bootID == other.bootID
    }

    /// The record as JSON text of at most so many bytes; a longer cause is cut.
    func text(atMost limit: Int) -> [UInt8] {
        guard case .boot(var record) = self else { return json.serialized() }
        record.step = record.step.map { String($0.prefix(60)) }
        var text = record.json.serialized()
        while text.count > limit, let cause = record.cause, !cause.isEmpty {
            record.cause = String(cause.dropLast(max(1, (text.count - limit) / 4)))
            text = record.json.serialized()
        }
        return text
    }
}

extension HistoryRecord {
    /// The record as JSON.
    package var json: JSONValue {
        switch self {
        case .boot(let record): record.json
        case .operation(let record): record.json
        }
    }

    /// Reads a record; nil when it is neither.
    package init?(json: JSONValue) {
        if json["operation"] != nil {
            guard let record = OperationRecord(json: json) else { return nil }
            self = .operation(record)
        } else {
            guard let record = BootRecord(json: json) else { return nil }
            self = .boot(record)
        }
    }
}
