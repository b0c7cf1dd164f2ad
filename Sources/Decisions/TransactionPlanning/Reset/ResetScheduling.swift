package import GrubEnvironment
package import JSONText
package import Plans

/// What one step does that makes a reset pending, or takes it back.
package enum ResetScheduling: PlannedAction {
    /// Writes what the pending reset must remember; removes the file when that is nothing.
    case writeRecord(ResetRecord)
    /// Makes the reset pending, and what it formats.
    case makePending(WipeScope?)
    /// Takes a pending reset back.
    case takeBack

    /// The kind of action.
    package var name: String {
        switch self {
        case .writeRecord: "write-record"
        case .makePending: "make-pending"
        case .takeBack: "take-back"
        }
    }

    /// What it is done to.
    package var subject: String {
        switch self {
        case .writeRecord: "/\(ResetRecord.file) on the recovery partition"
        case .makePending, .takeBack: "boot.env"
        }
    }

    /// One sentence on what is done and why.
    package var explanation: String {
        switch self {
        case .writeRecord(let record):
            record.isEmpty
                ? "Removes what an earlier reset remembered." : "Keeps source and encryption for a resumption."
        case .makePending(let wipe):
            "From now on only recovery boots, until the reset is finished; it formats \(WipeScope.text(wipe))."
        case .takeBack: "The machine boots as before."
        }
    }

    /// Everything it holds.
    package var json: JSONValue {
        switch self {
        case .writeRecord(let record): record.json
        case .makePending(let wipe): ["wipe": wipe.map { .string($0.rawValue) } ?? .null]
        case .takeBack: [:]
        }
    }
}

extension WipeScope {
    /// What is formatted, for people.
    static func text(_ wipe: WipeScope?) -> String {
        switch wipe {
        case nil: "nothing"
        case .oem?: "the OEM partition"
        case .persistent?: "the persistent partition"
        case .all?: "the OEM and persistent partitions"
        }
    }
}

extension Plan<ResetScheduling> {
    /// The record that the plan writes; nil when it writes none.
    package var record: ResetRecord? {
        for case .writeRecord(let record) in steps.map(\.action) where !record.isEmpty { return record }
        return nil
    }
}
